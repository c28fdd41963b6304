"""Reads about calls: of one item by day, of an organisation's items, of the places of sheets."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.proposals.models import Disclosure
from gongkai.surfaces.reach import marks
from gongkai.surfaces.reach.models import Calls, Spot, Taken

NAMES: dict[str, Any] = {
    marks.SHEET: _("没有写明张贴处的张贴页"),
    marks.DOCUMENT: _("公开件（纸质）"),
    marks.SCREEN: pgettext_lazy("scanned", "电子显示屏"),
    marks.TELEVISION: pgettext_lazy("scanned", "电视"),
    marks.BRIEF: pgettext_lazy("scanned", "简报"),
}
MOST_READ = 50
PORTION = 400


@dataclass(frozen=True)
class Day:
    """How often an item's page was called on a day (某日), and how often of these from sheets."""

    day: date
    count: int
    scanned: int


@dataclass(frozen=True)
class Read:
    """An item and its calls within a time (阅读排行)."""

    address: str
    number: str
    title: str
    count: int
    scanned: int


@dataclass(frozen=True)
class Scanned:
    """A place, or a sort of sheet, and the calls that its codes brought (扫码)."""

    mark: str
    spot: Spot | None
    count: int

    @property
    def name(self) -> str:
        """The name of the place, or of the sort of carrier."""
        return self.spot.name if self.spot else str(NAMES[self.mark])


def by_day(address: str, first: date, last: date) -> list[Day]:
    """The calls of one item, every day from ``first`` to ``last``: one query."""
    rows = Calls.objects.filter(address=address, day__gte=first, day__lte=last)
    told = {
        day: (count, scanned or 0)
        for day, count, scanned in rows.order_by("day")
        .values("day")
        .annotate(all=Sum("count"), scanned=Sum("count", filter=~Q(mark="")))
        .values_list("day", "all", "scanned")
    }
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [Day(day, *told.get(day, (0, 0))) for day in days]


def of_spots(organisation: Organisation, since: date, address: str | None = None) -> list[Scanned]:
    """The calls since a day that came from sheets, by place: those of its items, or of one."""
    rows = _of(organisation, since) if address is None else _since(since).filter(address=address)
    scanned = rows.exclude(mark="").order_by().values("mark").annotate(all=Sum("count"))
    totals = dict(scanned.values_list("mark", "all"))
    spots = {each.mark: each for each in Spot.objects.filter(mark__in=totals)}
    found = [Scanned(mark, spots.get(mark), count) for mark, count in totals.items()]
    return sorted(found, key=lambda each: (-each.count, each.mark))


def most_read(organisation: Organisation, since: date) -> list[Read]:
    """The items of an organisation that were called most since a day: two queries."""
    rows = _of(organisation, since).order_by().values("address")
    counted = rows.annotate(all=Sum("count"), scanned=Sum("count", filter=~Q(mark="")))
    best = list(counted.order_by("-all", "address").values_list("address", "all", "scanned"))
    best = best[:MOST_READ]
    named = Disclosure.objects.filter(address__in=[address for address, *_ in best])
    titles = {each.address: each for each in named.only("address", "number", "title")}
    return [
        Read(address, titles[address].number or "", titles[address].title, count, scanned or 0)
        for address, count, scanned in best
    ]


def total(organisation: Organisation, since: date) -> int:
    """All calls of an organisation's items since a day."""
    return int(_of(organisation, since).aggregate(all=Sum("count"))["all"] or 0)


def spots(organisation: Organisation) -> QuerySet[Spot]:
    """The places where an organisation's sheets hang now."""
    return Spot.objects.filter(organisation=organisation, ended_at=None).order_by("name")


def spot(organisation: Organisation, mark: str) -> Spot | None:
    """The place of an organisation with this mark, if sheets hang there now."""
    return spots(organisation).filter(mark=mark).first()


def known(addresses: Collection[str]) -> set[str]:
    """Those of these addresses that are items'."""
    found: set[str] = set()
    for portion in _portions(sorted(addresses)):
        named = Disclosure.objects.filter(address__in=portion)
        found |= set(named.values_list("address", flat=True))
    return found


def known_marks() -> set[str]:
    """Every mark that a sheet of ours may bear."""
    return {*marks.SORTS, *Spot.objects.values_list("mark", flat=True)}


def taken(name: str) -> bool:
    """Whether a file of the web process has been added."""
    return Taken.objects.filter(name=name).exists()


def over(before: date, taken_before: datetime) -> tuple[QuerySet[Calls], QuerySet[Taken]]:
    """What need not be kept any longer."""
    return Calls.objects.filter(day__lt=before), Taken.objects.filter(at__lt=taken_before)


def _since(since: date) -> QuerySet[Calls]:
    return Calls.objects.filter(day__gte=since)


def _of(organisation: Organisation, since: date) -> QuerySet[Calls]:
    own = Disclosure.objects.filter(organisation=organisation)
    return _since(since).filter(address__in=own.values("address"))


def _portions(values: list[str]) -> Iterable[list[str]]:
    return (values[at : at + PORTION] for at in range(0, len(values), PORTION))
