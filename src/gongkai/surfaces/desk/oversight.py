"""How the officer's own organisation and those below it keep their catalogues 落实情况.

Organisations are compared by their monthly counts, not by their duties; inner entries count too.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, Sum
from django.urls import reverse

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import MOST_LEVELS
from gongkai.foundation.organisations.queries import today as today_of
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.duties import coverage, keeping
from gongkai.procedure.duties.keeping import Counts
from gongkai.procedure.duties.models import Duty, Schedule, Tally
from gongkai.procedure.duties.states import DutyState
from gongkai.surfaces.board import telling
from gongkai.surfaces.board.telling import Line

PAGE = 50
FEW = 200
KEY = {
    f"key_{name}": [(kind, 1)]
    for name, kind in (("done", "done"), ("late", "wait"), ("missing", "late"))
}
"""The pieces of the picture, for its key."""


@dataclass(frozen=True)
class Row:
    """An organisation beside the others (一个单位)."""

    organisation: Organisation
    counts: Counts

    @property
    def share(self) -> str:
        """How much was published in time, of what should have been."""
        return telling.share(self.counts.on_time, self.counts.owed)

    @property
    def parts(self) -> list[tuple[str, int]]:
        """The picture."""
        return parts(self.counts)


def parts(counts: Counts) -> list[tuple[str, int]]:
    """The picture of counts."""
    return [("done", counts.on_time), ("wait", counts.late), ("late", counts.missing)]


def subordinates(organisation: Organisation) -> list[Organisation]:
    """All organisations below, level by level; one query a level."""
    found: list[Organisation] = []
    level = [organisation.pk]
    for _level in range(MOST_LEVELS):
        below = list(Organisation.objects.filter(parent__in=level).order_by("slug"))
        if not below:
            break
        found += below
        level = [each.pk for each in below]
    return found


def beneath(organisation: Organisation, slug: str) -> Organisation | None:
    """The organisation ``slug`` when it is this one or lies below it; None otherwise."""
    asked = Organisation.objects.filter(slug=slug).select_related("parent").first()
    above = asked
    for _level in range(MOST_LEVELS):
        if above is None or above.pk == organisation.pk:
            break
        above = above.parent
    return asked if above is not None and above.pk == organisation.pk else None


def table(organisations: Sequence[Organisation], today: date) -> list[Row]:
    """These organisations side by side, the worst first: 2 queries."""
    wanted = {each.pk: each for each in organisations}
    # Few are asked for by name; where they are many, all are counted, and the others left out.
    only = Q(organisation__in=wanted) if len(wanted) <= FEW else Q()
    since, until = keeping.window(today)
    counted = (
        Tally.objects.filter(only, month__gte=since, month__lt=until)
        .values_list("organisation")
        .annotate(Sum("on_time"), Sum("late"), Sum("waived"))
    )
    missing = dict(
        Duty.objects.filter(only, state=DutyState.OPEN, due_on__lt=today)
        .values_list("organisation")
        .annotate(Count("pk"))
    )
    found = {
        key: Counts(on_time=on_time, late=late, missing=missing.get(key, 0), waived=waived)
        for key, on_time, late, waived in counted
        if key in wanted
    }
    rows = [
        Row(each, found.get(key) or Counts(missing=missing.get(key, 0)))
        for key, each in wanted.items()
    ]
    return sorted(rows, key=lambda row: keeping.worst(row.counts, row.organisation.slug))


def total(rows: Iterable[Row]) -> Counts:
    """All of them together."""
    return sum((row.counts for row in rows), Counts())


def lines(organisation: Organisation) -> list[Line]:
    """Every entry of an organisation, the worst first: 3 queries. Empty before its charter."""
    try:
        charter = charter_of(organisation)[1]
    except Refused:
        return []
    schedules = list(Schedule.objects.filter(organisation=organisation).select_related("entry"))
    for each in schedules:
        each.organisation = organisation
    rows = coverage.rows(schedules)
    told = {each.entry.code: rows[each.pk] for each in schedules}
    codes = {rule.code for rule in charter.entries}
    return telling.lines(charter, codes, told, today_of(organisation), _item)


def _item(address: str) -> str:
    return reverse("desk:item", args=[address])
