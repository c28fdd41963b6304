"""The years' arrangements of holidays 放假安排 that an administrator has loaded: read and checked.

Each year is one file under the home, so that every process knows it and a backup holds it.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.core.workdays import NATIONAL, arrangement, is_provisional

LARGEST = 1_000_000
"""Bytes of a file that is still a calendar; one of a year has a few thousand."""
YEARS = range(2000, 2200)
ANNOUNCED = 12
"""The month from which next year's arrangement should be known; it comes out in November."""


@dataclass(frozen=True)
class Year:
    """The arrangement of one year (一年的放假安排), with the bytes it was read from; ``first`` and
    ``last`` are the first and the last day it decides on.
    """

    year: int
    first: date
    last: date
    off: int
    made_up: int
    data: bytes


def folder() -> Path:
    """Where the years' files stand."""
    return Path(settings.HOME.path) / "calendars"


def notice() -> bool:
    """Take in what was loaded since the last look, by whatever process: one look at the folder."""
    return NATIONAL.refresh(folder())


def missing(today: date) -> int | None:
    """The year whose arrangement is missing though it is near; None when all is known."""
    if is_provisional(today.year):
        return today.year
    following = today.year + 1
    return following if today.month >= ANNOUNCED and is_provisional(following) else None


def read(file: Path) -> Year:
    """The year in ``file``. ``Refused`` with a sentence on whatever is no such file."""
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        raise Refused(
            [_("%(file)s读不出来：%(error)s。") % {"file": file, "error": error}]
        ) from error
    if len(data) > LARGEST:
        raise Refused([_("%(file)s太大，不是一年的放假安排。") % {"file": file}])
    try:
        year, days = arrangement(data)
    except (ValueError, KeyError, TypeError) as error:
        wording = _(
            "%(file)s不是放假安排：要有year和days，days里每天有date和isOffDay（%(error)s）。"
            "什么都没有改。"
        )
        raise Refused([wording % {"file": file, "error": error}]) from error
    off = sum(not worked for worked in days.values())
    if year not in YEARS or not any(
        day.year == year and not worked for day, worked in days.items()
    ):
        raise Refused(
            [_("%(file)s里没有%(year)s年的放假日子，什么都没有改。") % {"file": file, "year": year}]
        )
    if strange := [day for day in days if abs(day.year - year) > 1]:
        told = {"file": file, "year": year, "day": strange[0].isoformat()}
        raise Refused([_("%(file)s说的是%(year)s年，却有%(day)s，什么都没有改。") % told])
    first, last = min(date(year, 1, 1), *days), max(date(year, 12, 31), *days)
    return Year(year, first, last, off, len(days) - off, data)
