"""Taking a file in, what became of its pages, and the one way to lose it."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.files import anew, decoding, kinds, reading, scanner, storage
from gongkai.foundation.files.harm import Harmful
from gongkai.foundation.files.models import Damage, Reading, Refusal, StoredFile
from gongkai.foundation.files.states import ReadingState
from gongkai.foundation.ledger.models import Cursor
from gongkai.foundation.organisations.queries import Officer

NUMBERED_AT_ONCE = 1_000
COUNTER = "readings"
"""How many places were given: one that was given up is not given again."""


def keep(upload: IO[bytes], name: str, sender: Officer | None = None) -> StoredFile:
    """Take ``upload`` into the store; two uploads of the same bytes give one row.

    ``name`` is what the uploader calls it: only sentences and the note of a refusal use it. All
    file work is done before the row is written: a crash between leaves bytes nobody names, and the
    next upload of them finds its place. A picture is drawn anew first, so its digest is not that of
    what came. Raises ``Refused`` with what to do: too large, empty, damaged, of another kind, with
    a virus or active content, or erased before. Each refusal is noted, so call this outside of a
    transaction; what may do harm is set apart.
    """
    try:
        return _kept(upload)
    except _Declined as declined:
        refusal = declined.refusal
        _note_refusal(declined, name, sender)
        shown = shown_name(name)[-60:]
        wording = _("“%(file)s”：%(words)s")
        said = [wording % {"file": shown, "words": words} for words in refusal.obstacles]
        raise Refused(said) from refusal


def shown_name(name: str) -> str:
    """A name that a stranger gave, fit for a sentence: nothing invisible, nothing turned round."""
    return "".join(c for c in decoding.without_marks(name) if c.isprintable())


class _Declined(Exception):
    """An upload that was refused, with what is known of it."""

    def __init__(self, refusal: Refused, incoming: storage.Incoming | None = None) -> None:
        super().__init__(str(refusal))
        self.refusal, self.incoming = refusal, incoming


def _kept(upload: IO[bytes]) -> StoredFile:
    try:
        with storage.arriving(upload, settings.UPLOAD_LIMIT) as incoming:
            try:
                return _taken(incoming)
            except Refused as refusal:
                if isinstance(refusal, Harmful):
                    storage.set_apart(incoming)
                raise _Declined(refusal, incoming) from refusal
    except Refused as refusal:
        raise _Declined(refusal) from refusal


def _taken(incoming: storage.Incoming) -> StoredFile:
    known = StoredFile.objects.filter(digest=incoming.digest).first()
    if known and known.erased_at:
        raise Refused([_("这个文件已经按规定清除，不能再次上传。请换成去掉了不当内容的文件。")])
    scanner.check(incoming.path)
    kind = _recognised(incoming.path)
    if kind in (kinds.PNG, kinds.JPG) and not known:
        with anew.drawn(incoming.path, kind.extension) as drawn:
            return _placed(drawn, kind)
    return _placed(incoming, kind)


def _placed(incoming: storage.Incoming, kind: kinds.FileKind) -> StoredFile:
    known = StoredFile.objects.filter(digest=incoming.digest).first()
    if known and known.erased_at:
        raise Refused([_("这个文件已经按规定清除，不能再次上传。请换成去掉了不当内容的文件。")])
    text = None if known else reading.text_of(incoming.path, kind)
    storage.place(incoming)
    if known:
        return known
    with transaction.atomic():
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
        Reading.objects.get_or_create(file=stored)
    return stored


def _note_refusal(declined: _Declined, name: str, sender: Officer | None) -> None:
    incoming = declined.incoming
    Refusal.objects.create(
        organisation=sender.organisation if sender else None,
        sender=sender.actor.label[:300] if sender else "",
        name=shown_name(name)[-300:],
        digest=incoming.digest if incoming else "",
        size=incoming.size if incoming else None,
        reasons=declined.refusal.obstacles,
        harmful=isinstance(declined.refusal, Harmful),
        at=clock.now(),
    )


def forget_refusal(refusal: Refusal) -> None:
    """The day has come: the bytes that were set apart are destroyed, and the name forgotten 销毁.

    Bytes first: a crash between is made good by the next pass. Bytes that came again later stay
    until their own day.
    """
    later = Refusal.objects.filter(digest=refusal.digest, destroyed_at=None, at__gt=refusal.at)
    if refusal.harmful and not later.exists():
        storage.destroy_apart(refusal.digest)
    Refusal.objects.filter(pk=refusal.pk).update(name="", destroyed_at=clock.now())


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


def touch(*, reading: Reading) -> None:
    """Somebody goes on with these pages now."""
    Reading.objects.filter(pk=reading.pk).update(touched_at=clock.now())


@transaction.atomic
def finish_reading(*, reading: Reading, trouble: str, pages: int, text: str | None) -> bool:
    """Note what became of a file's pages, and its text where only the pages gave it 读完.

    ``text`` is None when a person has to look: a scan, or a file that cannot be shown. Says whether
    this was news; a second worker's is not, nor that of a file erased meanwhile.
    """
    reading = Reading.objects.select_for_update().select_related("file").get(pk=reading.pk)
    if reading.state != ReadingState.WAITING or reading.file.erased_at:
        return False
    reading.state = ReadingState.REFUSED if trouble else ReadingState.READY
    reading.trouble, reading.pages, reading.finished_at = trouble, pages, clock.now()
    reading.save(update_fields=["state", "trouble", "pages", "finished_at"])
    if text is not None:
        unread = StoredFile.objects.filter(pk=reading.file_id, readable=False)
        unread.update(text=text, readable=True)
    return True


@transaction.atomic
def number_readings() -> int:
    """Give the finished readings their places in the common order; for the keeper alone."""
    waiting = Reading.objects.filter(seq=None, finished_at__isnull=False)
    waiting = waiting.order_by("finished_at", "id")[:NUMBERED_AT_ONCE]
    if not (rows := list(waiting)):
        return 0
    counter = Cursor.objects.get_or_create(name=COUNTER)[0]
    for seq, row in enumerate(rows, counter.seq):
        row.seq = seq
    counter.seq += len(rows)
    counter.save(update_fields=["seq"])
    Reading.objects.bulk_update(rows, ["seq"], batch_size=400)
    return len(rows)


def read_again(*, digests: Collection[str]) -> int:
    """Have the pages of these files made once more: they are lost, as after a restore."""
    lost = Reading.objects.filter(file__digest__in=digests, file__erased_at=None)
    return lost.exclude(state=ReadingState.WAITING).update(
        state=ReadingState.WAITING,
        trouble="",
        touched_at=None,
        finished_at=None,
        seq=None,
    )
