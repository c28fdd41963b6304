"""What is due soon (快要公开的) and what is overdue, by the civil calendar. Pure arithmetic.

A periodic entry that is open to the public wants something in every month, quarter, half or year
since its charter was published. Nothing here knows of duties given to anybody.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from gongkai.procedure.catalogue.charter import Charter, EntryRule

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
"""How many months each kind of period has."""

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Due:
    """An entry and the last day of the period (周期) in which it still wants something."""

    rule: EntryRule
    on: date

    def overdue(self, today: date) -> bool:
        """Whether that period has gone by with nothing in it."""
        return self.on < today


def period(kind: str, day: date) -> tuple[date, date]:
    """First and last day of the period of this ``kind`` that ``day`` lies in."""
    length = MONTHS[kind]
    first = (day.month - 1) // length * length + 1
    after = date(day.year + (first + length > 12), (first + length - 1) % 12 + 1, 1)
    return date(day.year, first, 1), after - _DAY


def due_on(kind: str, last: date | None, since: date) -> date:
    """By when something is wanted: the end of the period after the one that has something.

    ``last`` is the day of the newest thing; without one the period of ``since`` wants it.
    """
    if last is None or last < since:
        return period(kind, since)[1]
    return period(kind, period(kind, last)[1] + _DAY)[1]


def periodic(charter: Charter) -> Iterable[EntryRule]:
    """The entries that want something at intervals and may be read by everybody."""
    kinds = {timing.code: timing.kind for timing in charter.timings}
    for rule in charter.entries:
        if rule.period and kinds[rule.timing] == "periodic" and public(charter, rule):
            yield rule


def public(charter: Charter, rule: EntryRule) -> bool:
    """Whether what lies under ``rule`` may come before the public."""
    return not all(charter.scope(code).inner for code in rule.scopes)


def upcoming(
    charter: Charter, last: Mapping[str, date], since: date, today: date
) -> dict[str, Due]:
    """What is due in the present periods or was in earlier ones, soonest first, by entry code.

    ``last`` holds the day of the newest thing under each entry that has one. What has been
    published in its present period is not due.
    """
    found = []
    for rule in periodic(charter):
        on = due_on(rule.period, last.get(rule.code), since)
        if on <= period(rule.period, today)[1]:
            found.append(Due(rule, on))
    return {due.rule.code: due for due in sorted(found, key=lambda due: (due.on, due.rule.code))}
