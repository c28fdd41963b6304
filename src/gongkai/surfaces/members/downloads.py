"""The one way in which the office hands out an attachment's bytes, once a rule has said yes."""

from django.http import FileResponse, Http404

from gongkai.foundation.core.errors import Broken
from gongkai.foundation.files import storage
from gongkai.foundation.files.models import StoredFile


def handed_out(digest: str, title: str) -> FileResponse:
    """The bytes named ``digest`` as a download called ``title``; 404 once they are erased.

    Streamed from the store, never shown inside the page: the browser is told to save it and not
    to guess what it is.
    """
    stored = StoredFile.objects.filter(digest=digest).defer("text").first()
    if stored is None or stored.erased_at:
        raise Http404
    try:
        opened = storage.open(digest)
    except Broken as missing:
        # An erasure may take the bytes between the two lines above.
        if StoredFile.objects.filter(digest=digest, erased_at__isnull=False).exists():
            raise Http404 from missing
        raise
    response = FileResponse(
        opened,
        as_attachment=True,
        filename=f"{title.removesuffix(f'.{stored.extension}')}.{stored.extension}",
        content_type=stored.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
