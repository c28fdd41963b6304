"""A month of voices: what came, what was answered when, and what voices thought of it."""

from datetime import UTC, date, datetime, timedelta

from tests.cast import officer_named

from gongkai.oversight.supervision.periods import Period
from gongkai.procedure.feedback.models import Answer, Case, Survey

SEPTEMBER = Period(date(2026, 9, 1), date(2026, 9, 30))
DAY = timedelta(days=1)


def at(day: date) -> datetime:
    """Ten in the morning of that day, in 青溪镇."""
    return datetime(day.year, day.month, day.day, 2, 0, tzinfo=UTC)


def case(township, number: str, came: date, *, kind="opinion", post="党政办主任", **fields) -> Case:
    """A voice that came on that day and is promised an answer ten days later."""
    holder = officer_named(township, post).posts[0] if post else None
    return Case.objects.create(
        organisation=township,
        number=number,
        kind=kind,
        state=fields.pop("state", "assigned" if post else "received"),
        text="说的话",
        receipt=number,
        received_at=at(came),
        promised_on=came + 10 * DAY,
        started_on=came,
        term=10,
        post=holder,
        **fields,
    )


def answered(case: Case, on: date, outcome="done", due: date | None = None) -> Case:
    """``case`` as it stands once an answer of that day counts."""
    office = officer_named(case.organisation, "党政办主任")
    Answer.objects.create(
        case=case,
        text="答复",
        outcome=outcome,
        post=office.post_names,
        member=office.member,
        at=at(on),
        exemption="简单答复",
        settled_at=at(on),
        due_on=due,
    )
    case.state = "answered"
    case.save(update_fields=["state"])
    return case


def judged(case: Case, on: date, verdict: str) -> None:
    """What the voice thought of its answer at closing."""
    Survey.objects.create(case=case, round=1, moment="closing", verdict=verdict, at=at(on))
