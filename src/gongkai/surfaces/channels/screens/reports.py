"""What a display reports, read with mistrust: each number is bounded, nothing counts twice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from gongkai.foundation.core.clock import civil_day, unstamp
from gongkai.surfaces.channels.screens import rules

MOST = 2**40
DIGEST = 64


@dataclass(frozen=True)
class Played:
    """How often an edition was shown on one civil day (播出)."""

    day: date
    digest: str
    count: int
    seconds: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class Report:
    """A display's own word about itself (心跳), with a numbered batch of plays; 0 is no batch."""

    version: str
    storage: int
    storage_full: bool
    holds: bool
    clock_offset: int
    playing: str
    batch: int
    plays: Sequence[Played]
    lost: int


def read(told: Any, now: datetime, zone: str) -> Report | None:
    """The report in this JSON value; None where it is none. Plays that cannot be are left out."""
    if not isinstance(told, Mapping):
        return None
    plays = told.get("plays", [])
    if not isinstance(plays, list) or len(plays) > rules.LINES:
        return None
    read_plays = [_played(each, now, zone) for each in plays]
    kept = [each for each in read_plays if each]
    return Report(
        version=_text(told.get("version"), 40),
        storage=_number(told.get("storage")),
        storage_full=told.get("full") is True,
        holds=told.get("holds") is not False,
        clock_offset=_number(told.get("offset"), least=-MOST),
        playing=_digest(told.get("playing")),
        batch=_number(told.get("batch")),
        plays=kept,
        lost=len(plays) - len(kept) + _number(told.get("lost"), most=10_000),
    )


def _played(told: Any, now: datetime, zone: str) -> Played | None:
    if not isinstance(told, Mapping):
        return None
    digest = _digest(told.get("digest"))
    count, seconds = _number(told.get("count")), _number(told.get("seconds"))
    try:
        first, last = unstamp(str(told.get("first"))), unstamp(str(told.get("last")))
    except ValueError:
        return None
    possible = 0 < count <= rules.MOST_A_DAY and seconds <= 24 * 3600
    if not (
        digest and possible and now - rules.BACK <= first <= last <= now + timedelta(minutes=5)
    ):
        return None
    return Played(civil_day(first, zone), digest, count, seconds, first, last)


def _digest(told: Any) -> str:
    found = told if isinstance(told, str) else ""
    hexadecimal = len(found) == DIGEST and set(found) <= set("0123456789abcdef")
    return found if hexadecimal else ""


def _text(told: Any, most: int) -> str:
    return "".join(each for each in str(told or "") if each.isprintable())[:most]


def _number(told: Any, most: int = MOST, least: int = 0) -> int:
    if isinstance(told, bool) or not isinstance(told, int | float) or told != told:
        return 0
    return int(max(least, min(most, told)))
