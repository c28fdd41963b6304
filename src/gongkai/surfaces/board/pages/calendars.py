"""Calendars 日历 of an organisation and its departments: until when comments are invited, what is
due.

Days only, no hours: they are civil days of the organisation, whatever the reader's own zone.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings

from gongkai.foundation.ui.spoken import gettext as _
from gongkai.foundation.ui.spoken import speaking
from gongkai.procedure.catalogue.charter import EntryRule
from gongkai.procedure.catalogue.staffing import Department
from gongkai.procedure.duties.states import DutyState
from gongkai.surfaces.board import addresses
from gongkai.surfaces.board.gathering import Today
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.press import Press

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Occasion:
    """A line of the calendar (日程) under an entry: first and last day.

    ``stamp`` is when it came to be known.
    """

    key: str
    entry: str
    title: str
    first: date
    last: date
    href: str
    stamp: datetime


def page(press: Press, today: Today) -> None:
    """The calendars of an organisation, as of its civil day: ``calendar.ics`` with what is near,
    and one for each department with all that its public entries still have to bring.
    """
    house = today.house
    with speaking("zh-hans"):
        name = _("%(name)s公开栏") % {"name": house.name}
        near = [each for source in SOURCES for each in source(today)]
        press.site.write(f"{house.root}/calendar.ics"[1:], _calendar(name, near))
        of: dict[str, list[Occasion]] = {}
        for each in (*_consultations(today), *_owed(today)):
            of.setdefault(house.entries[each.entry].department, []).append(each)
        for department in departments(house):
            told = {"department": department.name, "name": name}
            title = _("%(department)s - %(name)s") % told
            occasions = of.get(department.name, [])
            press.site.write(address(house, department)[1:], _calendar(title, occasions))


def departments(house: House) -> list[Department]:
    """The departments that answer for something the public may see, in the charter's order."""
    charter = house.charter
    if charter is None:
        return []
    named = {rule.department for rule in charter.entries if house.shows(rule)}
    return [each for each in charter.departments if each.name in named]


def address(house: House, department: Department) -> str:
    """Where a department's calendar is fetched: as long as it keeps its name, whatever stands
    beside it in the charter.
    """
    return f"{house.root}/calendar/{sha256(department.name.encode()).hexdigest()[:10]}.ics"


def _calendar(name: str, occasions: Iterable[Occasion]) -> bytes:
    from icalendar import Calendar, Event  # late: a quarter of a second to load

    whole = Calendar()
    whole.add("prodid", "-//Gongkai//Calendar//ZH")
    whole.add("version", "2.0")
    whole.add("method", "PUBLISH")
    whole.add("x-wr-calname", name)
    whole.add("x-published-ttl", "PT12H")
    for each in occasions:
        event = Event()
        event.add("uid", f"{each.key}@{_authority()}")
        event.add("dtstamp", each.stamp.astimezone(UTC))
        event.add("dtstart", each.first)
        event.add("dtend", each.last + _DAY)
        event.add("summary", each.title)
        event.add("url", each.href)
        event.add("transp", "TRANSPARENT")
        whole.add_component(event)
    return bytes(whole.to_ical())


def _consultations(today: Today) -> Iterator[Occasion]:
    """What comments are invited on."""
    for each in today.open:
        current = each.item.current
        if current is None:
            continue
        title = current.edition.title.strip()
        notice = current.edition.kind == "notice"
        said = _("公示：%(title)s") if notice else _("征求意见：%(title)s")
        yield Occasion(
            key=each.item.address,
            entry=current.edition.entry,
            title=said % {"title": title},
            first=each.period.first,
            last=each.period.last,
            href=f"{settings.BOARD_URL}{addresses.item(each.item.address)}",
            stamp=current.at,
        )


def _due(today: Today) -> Iterator[Occasion]:
    """By when something is to be published soon; what is overdue stays on its day."""
    for due in today.due.values():
        yield _last_day(today, due.rule, due.on, due.on.isoformat())


def _owed(today: Today) -> Iterator[Occasion]:
    """All that is owed and will be, as far as it is planned; by entry."""
    charter = today.house.charter
    for rule in charter.entries if charter else ():
        standing = today.kept.get(rule.code)
        for task in reversed(standing.tasks if standing else ()):
            if task.state == DutyState.OPEN:
                yield _last_day(today, rule, task.due, task.key, task.provisional)


def _last_day(
    today: Today, rule: EntryRule, on: date, key: str, provisional: bool = False
) -> Occasion:
    house = today.house
    said = _("逾期没有公开：%(title)s") if on < today.day else _("最晚公开：%(title)s")
    title = said % {"title": rule.title}
    return Occasion(
        key=f"{house.slug}.{rule.code}.{key}",
        entry=rule.code,
        title=_("%(title)s（暂定）") % {"title": title} if provisional else title,
        first=on,
        last=on,
        href=f"{settings.BOARD_URL}{house.root}/catalogue",
        stamp=house.issues[-1].at,
    )


SOURCES: tuple[Callable[[Today], Iterator[Occasion]], ...] = (_consultations, _due)
"""Who has something to say of days that are near: whatever else comes to be due adds a line."""


def _authority() -> str:
    return urlsplit(f"//{settings.LOG_ORIGIN}").hostname or "gongkai.invalid"
