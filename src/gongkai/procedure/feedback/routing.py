"""What a voice is given when it comes 登记: a number, a clock, and by the charter's rule a post."""

from datetime import date

from gongkai.foundation.core.deadlines import Unit
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations.models import Organisation, Post
from gongkai.foundation.organisations.queries import holder, posts, today
from gongkai.foundation.organisations.states import Right
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.feedback import promises
from gongkai.procedure.feedback.models import Case


def number(organisation: Organisation, day: date) -> str:
    """The next number of the year: 2026-17."""
    return f"{day.year}-{ledger.next_number(f'case:{organisation.slug}:{day.year}')}"


def begin(case: Case, day: date, *, accepted: bool = False) -> None:
    """Begin the clock of ``case`` on ``day``, by its kind and the charter in force; not saved."""
    charter = charter_of(case.organisation)[1]
    span = promises.term(charter, case.kind, case.ground, accepted=accepted)
    case.started_on, case.term, case.extension, case.extended_why = day, span.length, 0, ""
    case.every_day = span.unit is Unit.DAYS
    case.promised_on = day  # it runs, whatever stood before
    if case._state.adding:
        case.promised_on = promises.promise(case.organisation, case.kind, day, case.ground).due
    else:
        case.promised_on = promises.of(case).due


def post_for(case: Case) -> Post | None:
    """The post that the charter's rules give ``case`` to; none when a person has to decide.

    A question goes to whom it asks. A post that nobody holds, or that may not answer, gets nothing
    by rule.
    """
    if case.asked is not None:
        return case.asked if holder(case.asked, today(case.organisation)) else None
    category = case.disclosure.entry.category if case.disclosure else ""
    for route in charter_of(case.organisation)[1].voices.routes:
        fits = route.kind in ("", case.kind) and route.category in ("", category)
        if fits:
            return _able(case.organisation, route.post)
    return None


def _able(organisation: Organisation, key: str) -> Post | None:
    found = posts(organisation).filter(key=key).first()
    if found is None or Right.ANSWER.value not in found.rights:
        return None
    return found if holder(found, today(organisation)) else None
