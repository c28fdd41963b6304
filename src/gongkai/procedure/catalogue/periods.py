"""Until when comments on what is disclosed are invited: the sum of a 公示 and of a 预公开.

Both lengths come from the charter, both sums from the one deadline engine.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext

from gongkai.foundation.core.deadlines import Deadline, Unit, deadline, notice_period
from gongkai.procedure.catalogue.charter import Charter, EntryRule

NOTICE = "notice"
"""The kind of document that is a 公示; ``proposals.states.DocumentKind`` has it as well."""


@dataclass(frozen=True)
class Period:
    """The days on which comments are invited (公示期, 征求意见期), both ends included.

    ``provisional`` while the holidays of a year it touches are not published; ``sentence`` is the
    sum in the language that was active when it was made.
    """

    first: date
    last: date
    provisional: bool
    sentence: str

    def over(self, today: date) -> bool:
        """Whether the last day has passed."""
        return today > self.last


def comment_period(
    charter: Charter, entry_code: str, kind: str, opened_on: date, inner: bool
) -> Period | None:
    """How long comments are invited on a ``kind`` of document opened on ``opened_on``.

    A 公示 counts working days, its first day among them; a consultation counts every day from the
    one after its opening, so that "at least" holds to the hour (domain rules §3), and has fewer
    days when it is ``inner``, open to members alone. What is both stands until the later day.
    None for anything else. ``Refused`` when the charter has no such entry.
    """
    entry = charter.entry(entry_code)
    sums = list(_sums(charter, entry, kind, opened_on, inner))
    if not sums:
        return None
    longest = max(sums, key=lambda each: each.due)
    return Period(opened_on, longest.due, longest.provisional, longest.sentence(gettext))


def _sums(
    charter: Charter, entry: EntryRule, kind: str, opened_on: date, inner: bool
) -> Iterator[Deadline]:
    limits = charter.deadlines
    if entry.consult:
        days = limits.consult_inner_days if inner else limits.consult_days
        yield deadline(opened_on, days, unit=Unit.DAYS)
    if kind == NOTICE:
        yield notice_period(opened_on, entry.notice_workdays or limits.notice_workdays)
