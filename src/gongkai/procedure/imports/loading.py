"""Taking a cabinet in, row by row: each a draft with its original, or a sentence why not.

Done again after a crash it goes on: what has come in is known by its bytes and its entry, and a
draft, its attachments and the note of its original are written together or not at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.files import intake as files
from gongkai.foundation.files import recognition
from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.files.pages import preparing
from gongkai.foundation.files.pages.store import Rendition
from gongkai.foundation.organisations.queries import Officer
from gongkai.procedure.imports import cabinet, making, queries, workflow
from gongkai.procedure.imports.cabinet import ATTACHED, BOTH, Old
from gongkai.procedure.imports.making import Made
from gongkai.procedure.proposals import rules as proposal_rules

AT_ONCE = 60.0


@dataclass(frozen=True)
class Outcome:
    """What became of a row (结果): an address when it came in now; else why not."""

    old: Old
    address: str = ""
    before: bool = False
    words: tuple[str, ...] = ()


def load(rows: Sequence[Old], officer: Officer) -> Iterator[Outcome]:
    """Make each row a draft of ``officer``; one that fails does not hold back the others."""
    if obstacles := proposal_rules.writer_obstacles(officer.organisation, officer):
        raise Refused(obstacles)
    keys = [cabinet.key_of(row, officer.organisation) for row in rows]
    taken = queries.keys_taken(keys)
    for row, key in zip(rows, keys, strict=True):
        if key in taken:
            yield Outcome(row, before=True)
            continue
        try:
            yield _loaded(row, key, officer)
        except (Refused, Conflict) as refused:
            yield Outcome(row, words=tuple(getattr(refused, "obstacles", [str(refused)])))


def _loaded(row: Old, key: str, officer: Officer) -> Outcome:
    stored = _kept(row.file, row.name, officer)
    made = _text(row, stored)
    attached = [(stored, row.title[:100])] * (row.use in (ATTACHED, BOTH))
    attached += queries.pictures(made.pictures, made.html)
    attached += [(_kept(path, path.name, officer), path.stem[:100]) for path in row.attached]
    with transaction.atomic():
        draft = workflow.file_old(
            officer=officer,
            entry=row.entry,
            original=stored,
            name=row.name,
            key=key,
            dated=row.dated,
            text={
                "title": row.title,
                "body": f"{made.html}\n<p>{_label(row.dated, officer)}</p>",
                "kind": row.kind,
                "document_number": row.number or made.document_number,
            },
            plan=row.plan,
            attachments=attached,
            extra=True,
        )
    if draft is None:
        return Outcome(row, before=True)
    return Outcome(row, draft.disclosure.address, words=made.notes)


def _kept(path: Path, name: str, officer: Officer) -> StoredFile:
    with path.open("rb") as file:
        return files.keep(file, name, officer)


def _text(row: Old, stored: StoredFile) -> Made:
    """The text of an old file; one that gives none is attached, and the text says so."""
    if row.use == ATTACHED:
        return Made(row.title, "<p>原件见附件。</p>")
    if why := making.readable(stored):
        raise Refused([why])
    if stored.extension not in making.AT_ONCE:
        while preparing.advance(stored.digest, stored.extension, AT_ONCE) is None:
            pass
        scans = queries.scans(Rendition(stored.digest))
        if scans and recognition.available():
            while not recognition.advance(stored.digest, stored.extension, scans, AT_ONCE):
                pass
    return making.made_of(stored, row.name)


def _label(dated: date | None, officer: Officer) -> str:
    """The honest line under an old document: its own day, and the day on which it came in.

    Part of the text, so that it is reviewed, sealed and shown on every carrier; in the language of
    the text, whoever runs the command.
    """
    today = _day(clock.civil_day(clock.now(), officer.organisation.zone))
    return f"（录入旧件：{f'原件日期{_day(dated)}，' if dated else ''}{today}录入。）"


def _day(value: date) -> str:
    return f"{value.year}年{value.month}月{value.day}日"
