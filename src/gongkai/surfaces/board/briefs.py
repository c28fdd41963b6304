"""What public records of a brief say 简报, as values a page can show. Pure: bytes in, values out.

An issue's record names its items and holds none of their words: those come from the items' own
records. A second record names the files made of it, and what they leave out; a third stands for an
issue that an erasure took.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gongkai.foundation.core import canonical, clock
from gongkai.foundation.core.clock import stamp
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.surfaces.board import shelves, stamps
from gongkai.surfaces.board.items import Item, Opening

ISSUE, COPIES, EMPTIED = "brief", "brief-copies", "brief-emptied"
KINDS = (ISSUE, COPIES, EMPTIED)


@dataclass(frozen=True)
class Held:
    """An item as an issue names it (一篇): the very edition, and how much of it."""

    address: str
    share: str
    digest: str
    opened_at: str


@dataclass(frozen=True)
class File:
    """A file made of an issue, named by its digest."""

    name: str
    digest: str
    size: int


@dataclass(frozen=True)
class Copies:
    """The files of an issue as made last (成品), and the addresses of what they leave out."""

    left_out: frozenset[str]
    files: Sequence[File]


@dataclass(frozen=True)
class Issue:
    """A public issue of the brief (一期简报). ``said`` is its record's body, ``digest`` names all
    that was sealed. An issue that an erasure took has neither words nor items.
    """

    subject: str
    organisation: str
    code: str
    seq: int
    version: int
    audience: Sequence[str]
    salt: str
    digest: str
    recorded_at: datetime
    said: Mapping[str, Any]
    held: Sequence[Held]
    copies: Copies | None
    emptied_at: datetime | None = None

    @property
    def sealed_at(self) -> datetime:
        """When it was sealed."""
        return clock.unstamp(self.said["sealed_at"])

    @property
    def first(self) -> date:
        """The first of its days."""
        return date.fromisoformat(self.said["first"])

    @property
    def last(self) -> date:
        """The last of its days."""
        return date.fromisoformat(self.said["last"])

    @property
    def named(self) -> list[str]:
        """The addresses of all that it holds or tells of."""
        return [*(each.address for each in self.held), *self.said.get("told", ())]


def issue(records: Iterable[PublicRecord]) -> Issue | None:
    """The issue that the open public records of one subject make; None where they make none."""
    newest = {record.kind: record for record in sorted(records, key=stamps.seq)}
    if emptied := newest.get(EMPTIED):
        said = json.loads(emptied.body)
        at = clock.unstamp(said["emptied_at"])
        return _issue(emptied, said, (), None, at)
    told = newest.get(ISSUE)
    if told is None or told.body == "{}":
        return None
    said = json.loads(told.body)
    held = tuple(
        Held(each["address"], each["share"], each["digest"], each["opened_at"])
        for each in said["items"]
    )
    return _issue(told, said, held, _copies(newest.get(COPIES)), None)


def _issue(
    record: PublicRecord,
    said: Mapping[str, Any],
    held: Sequence[Held],
    copies: Copies | None,
    emptied_at: datetime | None,
) -> Issue:
    return Issue(
        subject=record.subject,
        organisation=record.organisation,
        code=code_of(said),
        seq=stamps.seq(record),
        version=record.version,
        audience=tuple(record.audience),
        salt=bytes(record.salt).hex(),
        digest=record.digest,
        recorded_at=record.at,
        said=said,
        held=held,
        copies=copies,
        emptied_at=emptied_at,
    )


def _copies(record: PublicRecord | None) -> Copies | None:
    if record is None or record.body == "{}":
        return None
    said = json.loads(record.body)
    files = tuple(File(each["name"], each["digest"], each["size"]) for each in said["files"])
    return Copies(frozenset(said["left_out"]), files)


def code_of(said: Mapping[str, Any]) -> str:
    """Its year and number, as its address has them."""
    return f"{said['year']}-{said['number']}"


def due(record: PublicRecord) -> Iterator[tuple[str, str]]:
    """The lists in which the issue of this record stands: family and code."""
    if record.kind == COPIES:
        return
    if record.kind == ISSUE:
        yield shelves.BRIEFS, ""
    if record.body == "{}":
        return
    said = json.loads(record.body)
    yield shelves.BRIEF_CALLED, code_of(said)
    for each in said.get("items", ()):
        yield shelves.BRIEFS_WITH, each["address"]


def standing(held: Held, item: Item | None) -> Opening | None:
    """The very edition that the issue holds, while anybody may read it."""
    if item is None or item.gone:
        return None
    own = [each for each in item.openings if each.edition.digest == held.digest]
    return own[-1] if own else None


def gone(issue: Issue, known: Mapping[str, Item]) -> frozenset[str]:
    """The addresses of what it holds and nobody may read there any more."""
    return frozenset(
        each.address for each in issue.held if standing(each, known.get(each.address)) is None
    )


def files(issue: Issue, taken: Collection[str]) -> Sequence[File]:
    """Its files, if they leave out all that was ``taken`` from it; else none, until others are
    made.
    """
    if issue.copies is None or not issue.copies.left_out >= frozenset(taken):
        return ()
    return issue.copies.files


def sealed(issue: Issue, known: Mapping[str, Item]) -> bytes | None:
    """All that was sealed, put together again from the items' own records; None where something of
    it may not be read any more, or does not give the sealed digest.
    """
    parts, told = [], []
    for each in issue.held:
        opening = standing(each, known.get(each.address))
        if opening is None:
            return None
        parts.append(
            {
                "address": each.address,
                "share": each.share,
                "public": opening.public,
                "number": opening.number,
                "opened_at": each.opened_at,
                "digest": each.digest,
                "edition": opening.edition.source,
            }
        )
    for address in issue.said["told"]:
        item = known.get(address)
        if item is None or item.gone is None:
            return None
        taken = item.gone
        told.append(
            {
                "address": address,
                "number": taken.number,
                "title": taken.title,
                "reason": taken.reason,
                "at": stamp(taken.at),
            }
        )
    whole = {name: value for name, value in issue.said.items() if name != "facts"}
    whole |= {"organisation": issue.organisation, "audience": sorted(issue.audience)}
    found = canonical.encode({**whole, "items": parts, "told": told})
    return found if canonical.digest(found) == issue.digest else None


def log_facts(issue: Issue) -> dict[str, Any]:
    """All that the log entry of an issue is made from, so that anyone can make it again."""
    return {
        "audience": list(issue.audience),
        "digest": issue.digest,
        "index": issue.seq,
        "kind": EMPTIED if issue.emptied_at else ISSUE,
        "organisation": issue.organisation,
        "salt": issue.salt,
        "subject": issue.subject,
        "time": stamp(issue.recorded_at),
        "version": issue.version,
    }
