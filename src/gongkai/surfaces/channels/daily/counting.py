"""What happened on some days, for whoever supervises; counted, never quoted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.foundation.core.clock import civil_day, start_of
from gongkai.foundation.organisations.models import Organisation
from gongkai.oversight.supervision import counting
from gongkai.oversight.supervision.counting import Asked
from gongkai.oversight.supervision.periods import DAY, Period
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback.models import Answer, Case
from gongkai.procedure.feedback.states import UNANSWERED


@dataclass(frozen=True)
class Voice:
    """A voice by its number (办件), with the day promised and the day of its answer, if any."""

    number: str
    promised: date
    answered: date | None = None


@dataclass(frozen=True)
class Days:
    """What happened from ``first`` to ``last`` (这几天的情况); rows as the report has them."""

    first: date
    last: date
    due: list[dict[str, Any]]
    still: int
    opened: list[dict[str, Any]]
    corrections: list[dict[str, Any]]
    withdrawals: list[dict[str, Any]]
    erasures: list[dict[str, Any]]
    late_answers: list[Voice]
    overdue: list[Voice]

    @property
    def missing(self) -> list[dict[str, Any]]:
        """What was due in these days and has not been published."""
        return [row for row in self.due if row["state"] == counting.MISSING]

    @property
    def eventful(self) -> bool:
        """Whether there is anything to tell."""
        told = (self.due, self.opened, self.corrections, self.withdrawals, self.erasures)
        return any(told) or bool(self.late_answers or self.overdue)


def days(organisation: Organisation, first: date, last: date) -> Days:
    """What happened in ``organisation`` on these days; ``Refused`` before its first charter.

    The number of queries does not depend on how much there is.
    """
    charter = charter_of(organisation)[1]
    found = counting.count(Asked(organisation, charter, Period(first, last), last + DAY, {}))
    return Days(
        first=first,
        last=last,
        due=found["duties"],
        still=len(found["earlier"]),
        opened=found["opened"],
        corrections=found["corrections"],
        withdrawals=found["withdrawals"],
        erasures=found["erasures"],
        late_answers=list(_answered_late(organisation, first, last)),
        overdue=list(_overdue(organisation, first, last)),
    )


def _answered_late(organisation: Organisation, first: date, last: date) -> Iterator[Voice]:
    """The voices that were answered on these days, after the day promised."""
    zone = organisation.zone
    rows = Answer.objects.filter(
        case__organisation=organisation,
        settled_at__gte=start_of(first, zone),
        settled_at__lt=start_of(last + DAY, zone),
    )
    told = rows.values_list("case__number", "case__promised_on", "settled_at")
    for number, promised, settled in told.order_by("settled_at", "pk"):
        if settled and (on := civil_day(settled, zone)) > promised:
            yield Voice(number, promised, on)


def _overdue(organisation: Organisation, first: date, last: date) -> Iterator[Voice]:
    """The voices whose promised day was one of these, and which still wait."""
    rows = Case.objects.filter(
        organisation=organisation,
        state__in=UNANSWERED,
        promised_on__gte=first,
        promised_on__lte=last,
    )
    for number, promised in rows.order_by("promised_on", "pk").values_list("number", "promised_on"):
        yield Voice(number, promised)
