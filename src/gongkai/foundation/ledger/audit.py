"""Does the database still say what the logs say? The logs themselves are for ``translog.verify``.

Pages are rendered from the records, so an altered record would show words that nobody sealed, with
a salt and an index under which readers find another commitment. An altered act would tell another
history of the office.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q

from gongkai.foundation.core import canonical
from gongkai.foundation.core.entries import commitment
from gongkai.foundation.ledger import acts
from gongkai.foundation.ledger.logs import OFFICE
from gongkai.foundation.ledger.models import Act, AudienceKey, PublicRecord
from gongkai.foundation.translog.store import TileStore
from gongkai.foundation.translog.tiles import WIDTH, Tile

MISSING, INSERTED, BACKDATED, FEIGNED = "missing", "inserted", "backdated", "feigned erasure"
"""What may be wrong with an act besides a field that differs."""
SET_BACK = timedelta(minutes=10)
"""An act logged later cannot be older than this; less may be the clocks of two servers."""


@dataclass(frozen=True)
class Finding:
    """An act that is not what the office log says (不符), and in what: a field, or one of above."""

    seq: int
    act: int
    verb: str
    actor: str
    what: str


def altered_acts(
    size: int, ordered: int, progress: Any = None, *, start: int = 0
) -> Iterator[Finding]:
    """Where the acts differ from the first ``size`` entries of the office log, in its order.

    ``ordered`` is how many have a place at all. The log on disk must be sound. Streams: one bundle
    is held in memory at a time. ``progress(done, total)`` is called after each. ``start`` leaves
    out whole bundles before it.
    """
    latest = ""
    for begin in range(start, size, WIDTH):
        width = min(WIDTH, size - begin)
        entries = OFFICE.store.bundle(Tile(None, begin // WIDTH, width))
        rows = {act.seq: act for act in OFFICE.rows(range(begin, begin + width))}
        taken = _erased_subjects(rows.values())
        for seq, entry in enumerate(entries, begin):
            logged = canonical.decode(entry)
            yield from (
                _finding(seq, logged, what) for what in _wrong(logged, rows.get(seq), taken)
            )
            if latest and _is_older(logged["time"], latest):
                yield _finding(seq, logged, BACKDATED)
            latest = max(latest, logged["time"])
        if progress:
            progress(begin + width, size)
    for act in Act.objects.filter(Q(seq__lt=0) | Q(seq__gte=ordered)).order_by("id").iterator():
        yield Finding(act.seq or 0, act.pk, act.verb, act.actor_label, INSERTED)


def _wrong(logged: dict[str, Any], act: Act | None, taken: dict[str, int]) -> Iterator[str]:
    if act is None:
        yield MISSING
        return
    yield from acts.differences(logged, act)
    if acts.erased(act) and taken.get(act.subject, -1) < (act.seq or 0):
        yield FEIGNED


def _erased_subjects(rows: Iterable[Act]) -> dict[str, int]:
    """For each subject of the erased among ``rows``, where in the log its last erasure stands.

    An erasure of this very moment has no place yet, and comes after all that have one.
    """
    subjects = {act.subject for act in rows if acts.erased(act)}
    if not subjects:
        return {}
    found = Act.objects.filter(subject__in=sorted(subjects), verb=acts.ERASING).order_by("id")
    return {
        subject: 2**63 if seq is None else seq
        for subject, seq in found.values_list("subject", "seq")
    }


def _is_older(time: str, latest: str) -> bool:
    """Whether ``time`` lies well before ``latest``; both as they stand in entries."""
    return time < latest and _instant(latest) - _instant(time) > SET_BACK


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _finding(seq: int, logged: dict[str, Any], what: str) -> Finding:
    return Finding(seq, logged["id"], logged["verb"], logged["post"], what)


def altered(size: int, *, start: int = 0) -> Iterator[int]:
    """The places, among the first ``size``, of records that are missing or not those logged.

    The log on disk must be sound; one bundle is held in memory at a time. ``start`` leaves out
    whole bundles before it.
    """
    store = TileStore(settings.HOME.log)
    for begin in range(start, size, WIDTH):
        entries = store.bundle(Tile(None, begin // WIDTH, min(WIDTH, size - begin)))
        rows = PublicRecord.objects.filter(seq__gte=begin, seq__lt=begin + len(entries))
        records = {record.seq: record for record in rows}
        keys = _keys(records.values())
        for seq, entry in enumerate(entries, begin):
            record = records.get(seq)
            if (
                record is None
                or bytes(record.entry) != entry
                or sorted(keys[record.pk]) != record.audience
                or not _holds(record)
            ):
                yield seq


def _keys(records: Iterable[PublicRecord]) -> dict[int, list[str]]:
    """The keys by which readers find each record; they must be those of its audience."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = AudienceKey.objects.filter(record__in=[record.pk for record in records])
    for record, key in rows.values_list("record", "key"):
        found[record].append(key)
    return found


def _holds(record: PublicRecord) -> bool:
    """Whether the record is what its entry commits to; an erased one can no longer tell."""
    if not record.salt:
        return True
    try:
        logged, shown = (
            canonical.decode(bytes(record.entry)),
            canonical.decode(record.body.encode()),
        )
    except ValueError:
        return False
    # The log commits to the sealed bytes where a record carries them, else to its whole body.
    covered = shown["edition"] if record.kind == "release" and "edition" in shown else record.body
    digest = canonical.digest(covered.encode())
    expected = commitment(
        bytes(record.salt),
        subject=record.subject,
        version=record.version,
        organisation=record.organisation,
        audience=record.audience,
        digest=digest,
    )
    return (logged["kind"], logged["commitment"], record.digest) == (record.kind, expected, digest)
