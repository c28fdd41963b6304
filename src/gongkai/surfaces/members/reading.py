"""Reading an attachment page by page in the office, once a rule has said yes: as on the board.

Each place where a file may be read is an address that ends in a slash; below it stand the further
parts (``2/``), the pictures and the text. Whoever routes to them decides first, for each of them.
"""

import re

from django.http import FileResponse, Http404

from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.files.pages.store import Rendition
from gongkai.surfaces.board import reading
from gongkai.surfaces.board.reading import Places, View

TEXT = "text.txt"
_PICTURE = re.compile(r"([0-9a-f]{64})\.webp")


def view(digest: str, part: int, base: str, original: str) -> View:
    """The pages of one part, for a reader at ``base``; ``original`` is where the file is.

    404 when the file is erased, or has no such part.
    """
    made = _made(digest)
    head = made.head()
    if not 1 <= part <= reading.parts(head):
        raise Http404
    return reading.view(made, head, part, places(base, original))


def places(base: str, original: str) -> Places:
    """Where the office shows an attachment."""
    return Places(
        part=lambda number: base if number == 1 else f"{base}{number}/",
        picture=lambda digest: f"{base}{digest}.webp",
        text=f"{base}{TEXT}",
        original=original,
    )


def piece(digest: str, name: str) -> FileResponse:
    """A picture of the file's pages, or its text; 404 for anything else."""
    made, found = _made(digest), _PICTURE.fullmatch(name)
    path = made.text if name == TEXT else made.picture(found[1]) if found else None
    if path is None:
        raise Http404
    try:
        opened = path.open("rb")
    except FileNotFoundError as missing:
        raise Http404 from missing
    kind = "text/plain; charset=utf-8" if name == TEXT else "image/webp"
    response = FileResponse(opened, content_type=kind)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _made(digest: str) -> Rendition:
    if not StoredFile.objects.filter(digest=digest, erased_at=None).exists():
        raise Http404
    return Rendition(digest)
