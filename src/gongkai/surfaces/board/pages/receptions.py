"""The rota of receptions 领导接访: who receives when, which days fell out, which were held."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.utils.translation import ngettext
from markupsafe import Markup

from gongkai.foundation.ui import marks
from gongkai.foundation.ui.parts import Link
from gongkai.foundation.ui.spoken import gettext as _
from gongkai.surfaces.board import queries, shelves, words
from gongkai.surfaces.board.gathering import Today
from gongkai.surfaces.board.houses import House
from gongkai.surfaces.board.pages import entries
from gongkai.surfaces.board.press import Press, Values
from gongkai.surfaces.board.rota import Reception

RECENT = timedelta(days=31)
"""How long a day that is over stands on the page of today; then its month has it."""


@dataclass(frozen=True)
class Row:
    """A day ready to be shown: ``late`` only where the page knows what day it is."""

    on: date
    hours: str
    post: Markup
    place: Markup
    subject: Markup
    state: str
    notes: Sequence[Markup]
    book: str
    due: date | None


def page(press: Press, today: Today) -> None:
    """What lies ahead and what was lately, with the way to book."""
    house = today.house
    if not shown(house, today.rota_months):
        return
    ahead = [each for each in today.receptions if each.on >= today.day]
    lately = today.day - RECENT
    past = [each for each in today.receptions if lately <= each.on < today.day][::-1]

    def build(root: str) -> Values:
        at = f"{root}{house.root}/receptions"
        return {
            "crumbs": [Link(_("首页"), f"{root}{house.root}/")],
            "today": today.day,
            "ahead": [row(each, house, today.day) for each in ahead],
            "past": [row(each, house, today.day) for each in past],
            "months": [Link(_month(code), f"{at}/{code}") for code in today.rota_months[::-1]],
            "record": _record(house, root),
            **_ways(house),
        }

    press.pages(f"{house.root}/receptions", "receptions", house, build)


def month(press: Press, house: House, code: str) -> None:
    """All days of one month; it says the same whatever day it is."""
    found = queries.receptions([house.shelf(shelves.ROTA, code)])

    def build(root: str) -> Values:
        return {
            "crumbs": [
                Link(_("首页"), f"{root}{house.root}/"),
                Link(_("领导接访"), f"{root}{house.root}/receptions"),
            ],
            "month": _month(code),
            "rows": [row(each, house) for each in found],
            "record": _record(house, root),
            **_ways(house),
        }

    press.pages(f"{house.root}/receptions/{code}", "receptions_month", house, build)


def shown(house: House, months: Sequence[str]) -> bool:
    """Whether the organisation has such pages: by its charter, or for what was."""
    return bool(months) or house.receives


def next_of(today: Today) -> Reception | None:
    """The next day on which somebody receives, for the home page."""
    return next((each for each in today.receptions if each.open and each.on >= today.day), None)


def row(each: Reception, house: House, today: date | None = None) -> Row:
    """A line of the rota, in the active language."""
    over = today is not None and each.on < today
    return Row(
        on=each.on,
        hours=f"{each.starts}–{each.ends}",
        post=house.posts_named(each.post),
        place=words.chinese(each.place),
        subject=words.chinese(each.subject) if each.subject else Markup(""),
        state=_state(each, over=over),
        notes=list(_notes(each, house)),
        book=booking(each) if today and each.open and not over else "",
        due=each.result_due if over and each.open else None,
    )


def booking(each: Reception) -> str:
    """Where a time of that day is booked."""
    return f"{settings.OFFICE_URL}/say/reception/{each.key}/"


def _state(each: Reception, *, over: bool) -> str:
    if each.cancelled:
        return _("已取消")
    if each.held:
        visits = each.result.get("visits", 0)
        came = ngettext("接待%(num)s批", "接待%(num)s批", visits) % {"num": visits}
        persons = each.result.get("persons", 0)
        return came + _("，") + ngettext("%(num)s人", "%(num)s人", persons) % {"num": persons}
    if not each.open:
        return _("没有接访")
    return _("还没有公布结果") if over else _("已公布")


def _notes(each: Reception, house: House) -> Iterable[Markup]:
    """Why it changed, fell out or was not held; what people spoke of."""
    for reason in each.changes:
        yield Markup(_("改过安排：%(reason)s")) % {"reason": words.chinese(reason)}
    if each.reason:
        yield Markup(_("原因：%(reason)s")) % {"reason": words.chinese(each.reason)}
    if each.categories:
        told = [
            Markup("{} {}").format(
                words.label(house.categories[code]) if code in house.categories else code, many
            )
            for code, many in each.categories.items()
        ]
        yield Markup(_("，")).join(told)


def _record(house: House, root: str) -> str:
    """Where the records of the days are disclosed; nothing where the charter names no entry."""
    rule = house.charter.reception if house.charter else None
    return entries.about(house, rule.entry, root) if rule and rule.entry else ""


def _ways(house: House) -> Values:
    """Where times are booked and looked up; nowhere once the charter has no receptions."""
    status = f"{settings.OFFICE_URL}/say/reception/status/"
    return {"say": any_day(house), "status": status if house.receives else ""}


def any_day(house: House) -> str:
    """Where a time of any day is booked; nowhere where nobody receives."""
    return f"{settings.OFFICE_URL}/say/reception/of/{house.slug}/" if house.receives else ""


def _month(code: str) -> str:
    return marks.month(*map(int, code.split("-")))
