"""Taking a file in, and the one way to lose it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import decoding, kinds, reading, storage
from gongkai.foundation.files.models import Damage, StoredFile


def keep(upload: IO[bytes], name: str) -> StoredFile:
    """Take ``upload`` into the store; two uploads of the same bytes give one row.

    ``name`` is what the uploader calls it: only the sentences of a refusal use it. All file work
    is done before the row is written: a crash between leaves bytes nobody names, and the next
    upload of them finds its place. Raises ``Refused`` with what to do: too large, empty, damaged,
    of another kind, with active content, or erased before.
    """
    try:
        return _kept(upload)
    except Refused as refusal:
        shown = decoding.without_marks(name)[-60:]
        wording = _("“%(file)s”：%(words)s")
        said = [wording % {"file": shown, "words": words} for words in refusal.obstacles]
        raise Refused(said) from refusal


def _kept(upload: IO[bytes]) -> StoredFile:
    with storage.arriving(upload, settings.UPLOAD_LIMIT) as incoming:
        known = StoredFile.objects.filter(digest=incoming.digest).first()
        if known and known.erased_at:
            raise Refused([_("这个文件已经按规定清除，不能再次上传。请换成去掉了不当内容的文件。")])
        kind = _recognised(incoming.path)
        text = None if known else reading.text_of(incoming.path, kind)
        storage.place(incoming)
    if known:
        return known
    stored, _made = StoredFile.objects.get_or_create(
        digest=incoming.digest,
        defaults={
            "size": incoming.size,
            "media_type": kind.media_type,
            "extension": kind.extension,
            "text": text or "",
            "readable": text is not None,
            "stored_at": clock.now(),
        },
    )
    return stored


def _recognised(path: Path) -> kinds.FileKind:
    try:
        return kinds.recognise(path)
    except kinds.UnknownKind as refusal:
        allowed = _("附件可以是：PDF、Word、Excel、PPT、WPS、OFD、文本、CSV、PNG、JPG。")
        raise Refused([*refusal.obstacles, allowed]) from refusal


@transaction.atomic
def report(found: Mapping[str, str], at: datetime) -> list[Damage]:
    """Note what was ``found`` damaged: what is wrong, by path. Returns those nobody knew of."""
    known = {each.path: each for each in Damage.objects.filter(path__in=list(found))}
    news = []
    for path, what in found.items():
        damage = known.get(path) or Damage(path=path, mended_at=at)
        if damage.mended_at is not None:
            damage.what, damage.found_at, damage.mended_at = what, at, None
            damage.save()
            news.append(damage)
    return news


def note_mended(damages: Iterable[Damage], at: datetime) -> None:
    """These were found whole again."""
    Damage.objects.filter(pk__in=[each.pk for each in damages]).update(mended_at=at)


@transaction.atomic
def forget(*, digest: str, at: datetime) -> bool:
    """Mark the file as erased and drop its text 清除; :func:`storage.destroy` takes the bytes.

    Part of an erasure, whose verb records the act. Says whether such a file was there.
    """
    return bool(
        StoredFile.objects.filter(digest=digest, erased_at__isnull=True).update(
            text="", readable=False, erased_at=at
        )
    )
