"""What a public record of a voice says, as values a page can show, and which lists it stands in.
Pure.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from gongkai.foundation.core.clock import civil_day
from gongkai.foundation.ledger.models import PublicRecord
from gongkai.procedure.feedback.hanging import DOWN, OFF, OPEN, REFUSED
from gongkai.surfaces.board import excerpt, shelves

KIND = "voice"
PREFIX = f"{KIND}:"
TITLE = 40
"""Characters of a voice that stand in the place of a title."""
PARSED = 300
"""Voices in memory: those that a publication shows again."""


@dataclass(frozen=True)
class Reply:
    """An answer to a voice (答复), with the day that was promised for it."""

    place: str
    round: int
    text: str
    outcome: str
    post: str
    at: datetime
    promised_on: date | None

    def late(self, zone: str) -> int:
        """By how many days it came after the promised one; 0 when it was in time."""
        if self.promised_on is None:
            return 0
        return max(0, (civil_day(self.at, zone) - self.promised_on).days)


@dataclass(frozen=True)
class Judgement:
    """What the voice said of an answer (满意度)."""

    round: int
    moment: str
    verdict: str


@dataclass(frozen=True)
class Noted:
    """Why words were changed, kept off or taken down (调整理由), and when."""

    reason: str
    why: str
    post: str
    at: datetime


@dataclass(frozen=True)
class Voice:
    """A voice on the wall (墙上的意见), as its newest record tells it."""

    seq: int
    organisation: str
    address: str
    state: str
    kind: str
    ground: str
    text: str
    received_at: datetime | None
    promised_on: date | None
    waits: str
    extended: bool
    reopened: int
    unit: str
    post: str
    replies: Sequence[Reply]
    judged: Sequence[Judgement]
    changed: Noted | None
    noted: Noted | None
    item: str
    leads: str
    body: str
    merged: str

    @property
    def open(self) -> bool:
        """Whether an answer is still owed."""
        return self.state == OPEN

    @property
    def down(self) -> bool:
        """Whether only its tombstone stands."""
        return self.state == DOWN

    @property
    def found(self) -> bool:
        """Whether it can be looked for by its words."""
        return self.state not in (OFF, REFUSED, DOWN)

    @property
    def said(self) -> str:
        """Its words, and below them those of its answers."""
        return "\n".join((self.text, *(reply.text for reply in self.replies)))

    @property
    def title(self) -> str:
        """Its first words, in the place of a title; none when it was taken down."""
        return excerpt.short(self.text, TITLE)

    @property
    def shown(self) -> bool:
        """Whether it has a page; what was kept off or refused is only counted."""
        return self.state not in (OFF, REFUSED)


def subject(address: str) -> str:
    """Under which name the voice with this address stands."""
    return f"{PREFIX}{address}"


def voice(record: PublicRecord) -> Voice:
    """The voice that ``record`` tells of."""
    return _voice(record.body, record.seq or 0, record.organisation)


@lru_cache(maxsize=PARSED)
def _voice(text: str, seq: int, organisation: str) -> Voice:
    said = json.loads(text)
    return Voice(
        seq=seq,
        organisation=organisation,
        address=said.get("address", ""),
        state=said.get("state", OFF),
        kind=said.get("kind", ""),
        ground=said.get("ground", ""),
        text=said.get("text", ""),
        received_at=_time(said.get("received_at")),
        promised_on=_day(said.get("promised_on")),
        waits=said.get("waits", ""),
        extended=bool(said.get("extended")),
        reopened=int(said.get("reopened", 0)),
        unit=said.get("unit", ""),
        post=said.get("post", ""),
        replies=tuple(map(_reply, said.get("answers", ()))),
        judged=tuple(
            Judgement(each["round"], each["moment"], each["verdict"])
            for each in said.get("judged", ())
        ),
        changed=_noted(said.get("changed")),
        noted=_noted(said.get("down") or said.get("off")),
        item=said.get("item", ""),
        leads=said.get("leads", ""),
        body=said.get("body", ""),
        merged=said.get("with", ""),
    )


def latest(records: Iterable[PublicRecord]) -> dict[str, Voice]:
    """The voices that these records tell of by subject, each as its last one says."""
    newest: dict[str, PublicRecord] = {}
    for record in records:
        known = newest.get(record.subject)
        if record.body != "{}" and (known is None or known.version < record.version):
            newest[record.subject] = record
    return {subject: voice(record) for subject, record in newest.items()}


def due(record: PublicRecord, zone: str) -> Iterator[tuple[str, str, str]]:
    """The lists that a record of a voice gives a place in: family, code, and who stands there.

    What is counted stands under a name of its own for each round, so that it counts once.
    """
    found, name = voice(record), record.subject
    for noted, act in ((found.changed, CHANGED), (found.noted, found.state)):
        if noted:
            day = civil_day(noted.at, zone)
            yield shelves.MODERATED, f"{day:%Y-%m}.{act}.{noted.reason}", f"{name}.{act}"
    if found.received_at is None or found.down:
        return
    yield shelves.VOICES_OF_YEAR, str(civil_day(found.received_at, zone).year), name
    yield shelves.VOICES_OF_KIND, found.kind, name
    if found.unit:
        yield shelves.VOICES_OF_UNIT, found.unit, name
        for figure, mark in _figures(found, zone):
            yield shelves.FIGURE, f"{found.unit}.{figure}", f"{name}.{mark}"


CHANGED = "changed"
"""In the register: words that the office changed."""


def names(record: PublicRecord) -> set[str]:
    """Every name under which the voice may stand in a list or be counted."""
    found, name = voice(record), record.subject
    rounds = range(1, 2 + max(found.reopened, len(found.replies)))
    marks = {
        "r",
        "o",
        CHANGED,
        DOWN,
        OFF,
        REFUSED,
        *(f"{mark}{n}" for n in rounds for mark in "akcl"),
    }
    return {name, *(f"{name}.{mark}" for mark in marks)}


def _figures(found: Voice, zone: str) -> Iterator[tuple[str, str]]:
    yield "received", "r"
    for reply in found.replies:
        yield "answered", f"a{reply.round}"
        if reply.promised_on and not reply.late(zone):
            yield "kept", f"k{reply.round}"
    if found.reopened:
        yield "reopened", "o"
    for each in found.judged:
        yield each.verdict, f"{each.moment[0]}{each.round}"


def _reply(said: Mapping[str, Any]) -> Reply:
    return Reply(
        place=said["place"],
        round=int(said["round"]),
        text=said["answer"],
        outcome=said["outcome"],
        post=said["post"],
        at=datetime.fromisoformat(said["answered_at"]),
        promised_on=_day(said["promised_on"]),
    )


def _noted(said: Mapping[str, Any] | None) -> Noted | None:
    if not said:
        return None
    at = datetime.fromisoformat(said["at"])
    return Noted(said["reason"], said.get("why", ""), said.get("post", ""), at)


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
