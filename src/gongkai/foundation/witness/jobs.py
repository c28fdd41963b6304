"""What the tick asks for, what the worker does, and what the keeper writes of it.

The keeper never waits for a network: the tick only says whose turn it is, the worker asks, and what
came of it is in the database before the keeper puts it into the files that others read.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django_tasks import task

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.durable import replace
from gongkai.foundation.ledger import held
from gongkai.foundation.translog import cosigned
from gongkai.foundation.translog.tiles import WIDTH
from gongkai.foundation.witness import asking, queries, workflow
from gongkai.foundation.witness.models import Cosigned, TrustedWitness, WatchedLog

FORMAT = "gongkai-witnesses/1"
WITNESSES = "witnesses.json"


@task
def look(log: int) -> None:
    """Look after one log that we witness. May run twice."""
    found = queries.watched().filter(pk=log).first()
    if found:
        asking.look(found)


@task
def hear(witness: int) -> None:
    """Ask one witness of ours. May run twice."""
    found = queries.trusted().filter(pk=witness).first()
    if found:
        asking.hear(found)


def enqueue(now: datetime) -> int:
    """For the tick: give everybody whose turn has come to the worker. Returns how many."""
    if held.told(settings.HOME.path):
        return 0
    logs = list(queries.watched().filter(queries.due(now)))
    witnesses = list(queries.trusted().filter(queries.due(now)))
    if not (logs or witnesses):
        return 0
    with transaction.atomic():
        workflow.queue(WatchedLog, logs, now)
        workflow.queue(TrustedWitness, witnesses, now)
        for log in logs:
            look.enqueue(log.pk)
        for witness in witnesses:
            hear.enqueue(witness.pk)
    return len(logs) + len(witnesses)


# -- what the keeper writes ------------------------------------------------------------------------


def publish(_now: datetime | None = None) -> None:
    """For the tick: put into the log's folder what has been cosigned, here and by others.

    A file is a function of the rows, so that it can be repeated; only committed rows are read, so
    that nothing is given away which is not remembered.
    """
    folder = Path(settings.HOME.log)
    for log in WatchedLog.objects.all():
        place = folder / cosigned.witness_place(log.origin)
        if log.removed_at:
            place.unlink(missing_ok=True)
        elif log.note and not _behind(log):
            _put(place, log.note.encode())
    _publish_cosigned(folder)
    _publish_witnesses(folder)


def _behind(log: WatchedLog) -> bool:
    """Whether more was given away than the database knows: it was put back to an older state."""
    given = asking.given_away(log.origin)
    return given is not None and given.size > log.size


def _publish_cosigned(folder: Path) -> None:
    fresh = list(Cosigned.objects.filter(published=False).values_list("pk", "size"))
    for number in sorted({cosigned.number(size) for _pk, size in fresh}):
        _put(folder / cosigned.place(number), cosigned.packed(_notes(number)))
    if fresh:
        workflow.published(pk for pk, _size in fresh)


def _notes(number: int) -> dict[int, tuple[str, list[str]]]:
    """The cosigned checkpoints of one file, by size."""
    rows = Cosigned.objects.filter(
        size__gt=number * WIDTH, size__lte=(number + 1) * WIDTH, witness__removed_at=None
    )
    return _together(rows.order_by("size", "witness__name"))


def _together(rows: Iterable[Cosigned]) -> dict[int, tuple[str, list[str]]]:
    notes: dict[int, tuple[str, list[str]]] = {}
    for row in rows:
        notes.setdefault(row.size, (row.note, []))[1].append(row.line)
    return notes


def _publish_witnesses(folder: Path) -> None:
    """Who the witnesses are, and the newest checkpoint that any of them signed."""
    witnesses = list(queries.trusted())
    if witnesses or (folder / WITNESSES).exists():
        told = {"format": FORMAT, "witnesses": [_told(each) for each in witnesses]}
        _put(folder / WITNESSES, canonical.encode(told))
    signed = [each for each in witnesses if each.note]
    if not signed:
        (folder / cosigned.NEWEST).unlink(missing_ok=True)
        return
    size = max(each.size for each in signed)
    newest = [each.note for each in signed if each.size == size]
    lines = [note.splitlines(keepends=True)[-1] for note in newest]
    ours = newest[0].removesuffix(lines[0])
    _put(folder / cosigned.NEWEST, (ours + "".join(lines)).encode())


def _told(witness: TrustedWitness) -> dict[str, Any]:
    at = witness.cosigned_at
    return {
        "conflict": bool(witness.evidence),
        "name": witness.name,
        "size": witness.size,
        "time": clock.stamp(at) if at else "",
        "trouble": witness.trouble,
        "url": witness.url,
        "vkey": witness.vkey,
    }


def _put(place: Path, data: bytes) -> None:
    if not (place.exists() and place.read_bytes() == data):
        replace(place, data)
