"""An organisation's calendar 日历: until when comments are invited, and what is due.

Days only, no hours: they are civil days of the organisation, whatever the reader's own zone.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from gongkai.foundation.ui.spoken import gettext as _
from gongkai.foundation.ui.spoken import speaking
from gongkai.surfaces.board import addresses
from gongkai.surfaces.board.gathering import Today
from gongkai.surfaces.board.press import Press

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Occasion:
    """A line of the calendar (日程): first and last day; ``stamp`` is when it came to be known."""

    key: str
    title: str
    first: date
    last: date
    href: str
    stamp: datetime


def page(press: Press, today: Today) -> None:
    """The file ``calendar.ics`` of an organisation, as of its civil day."""
    from icalendar import Calendar, Event  # late: a quarter of a second to load

    house = today.house
    with speaking("zh-hans"):
        whole = Calendar()
        whole.add("prodid", "-//Gongkai//Calendar//ZH")
        whole.add("version", "2.0")
        whole.add("method", "PUBLISH")
        whole.add("x-wr-calname", _("%(name)s公开栏") % {"name": house.name})
        whole.add("x-published-ttl", "PT12H")
        for source in SOURCES:
            for each in source(today):
                event = Event()
                event.add("uid", f"{each.key}@{_authority()}")
                event.add("dtstamp", each.stamp.astimezone(UTC))
                event.add("dtstart", each.first)
                event.add("dtend", each.last + _DAY)
                event.add("summary", each.title)
                event.add("url", each.href)
                event.add("transp", "TRANSPARENT")
                whole.add_component(event)
    press.site.write(f"{house.root}/calendar.ics"[1:], whole.to_ical())


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
            title=said % {"title": title},
            first=each.period.first,
            last=each.period.last,
            href=f"{settings.BOARD_URL}{addresses.item(each.item.address)}",
            stamp=current.at,
        )


def _due(today: Today) -> Iterator[Occasion]:
    """By when something is to be published; what is overdue stays on its day."""
    house = today.house
    for code, due in today.due.items():
        said = _("逾期没有公开：%(title)s") if due.overdue(today.day) else _("最晚公开：%(title)s")
        yield Occasion(
            key=f"{house.slug}.{code}.{due.on.isoformat()}",
            title=said % {"title": due.rule.title},
            first=due.on,
            last=due.on,
            href=f"{settings.BOARD_URL}{house.root}/catalogue",
            stamp=house.issues[-1].at,
        )


SOURCES: tuple[Callable[[Today], Iterator[Occasion]], ...] = (_consultations, _due)
"""Who has something to say of days: whatever else comes to be due adds a line here."""


def _authority() -> str:
    return urlsplit(f"//{settings.LOG_ORIGIN}").hostname or "gongkai.invalid"
