"""A quarter of the township, with one of everything that a report tells."""

from datetime import UTC, date, datetime, timedelta

from tests.cast import officer_named
from tests.procedure.editions import disclosure_of, opened, sealed

from gongkai.oversight.supervision import workflow
from gongkai.oversight.supervision.models import Report
from gongkai.oversight.supervision.periods import Period
from gongkai.procedure.duties import jobs
from gongkai.procedure.duties import workflow as duties
from gongkai.procedure.duties.models import Duty
from gongkai.procedure.feedback.models import Answer, Case
from gongkai.procedure.publication import workflow as publication

BEGAN = datetime(2026, 6, 30, 2, 0, tzinfo=UTC)
AFTER = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
QUARTER = Period(date(2026, 7, 1), date(2026, 9, 30))


def lived(township, time_machine) -> dict[str, Duty]:
    """The third quarter of 2026, seen from October: its duties by what became of them."""
    time_machine.move_to(BEGAN, tick=False)
    jobs.follow(BEGAN)
    jobs.plan(BEGAN, budget=60)
    time_machine.move_to(AFTER, tick=False)
    jobs.plan(AFTER, budget=60)
    fell_due = Duty.objects.filter(
        organisation=township, due_on__gte=QUARTER.first, due_on__lte=QUARTER.last, kind="period"
    )
    # What was due goes on time, so that the one late, the one missing, the one waived stand out.
    some = list(fell_due.order_by("due_on", "pk"))
    late, missing, waived, *rest = some
    duties.waive(
        duty=waived, officer=officer_named(township, "党政办主任"), reason="停办一个季度。"
    )
    for duty in rest:
        _met(duty, duty.due_on)
    _met(late, late.due_on + timedelta(days=3))
    return {"late": late, "missing": missing, "waived": waived, "on_time": rest[0]}


def _met(duty: Duty, on: date) -> None:
    told = {"item": "K700000001", "on": on, "shown": True, "correction": False}
    duties.fulfil(entry=duty.entry, duty=duty, **told)


def published(township, time_machine):
    """Two items opened in the quarter: one corrected in it, one withdrawn in it."""
    office = officer_named(township, "党委副书记")
    time_machine.move_to(datetime(2026, 8, 3, 2, 0, tzinfo=UTC), tick=False)
    corrected, withdrawn = disclosure_of(township), disclosure_of(township, title="绝密的标题")
    for each in (corrected, withdrawn):
        opened(sealed(each))
    time_machine.move_to(datetime(2026, 9, 2, 2, 0, tzinfo=UTC), tick=False)
    opened(sealed(corrected))
    publication.withdraw(disclosure=withdrawn, officer=office, reason="数字没有核对清楚。")
    time_machine.move_to(AFTER, tick=False)
    return corrected, withdrawn


def voice(township, number: str, promised: date, answered: date | None = None) -> Case:
    """A voice received in the quarter; answered on that day, or not yet."""
    post = officer_named(township, "党政办主任").posts[0]
    case = Case.objects.create(
        organisation=township,
        number=number,
        kind="opinion",
        state="answered" if answered else "assigned",
        text="说的话",
        receipt=number,
        received_at=datetime(2026, 8, 20, 2, 0, tzinfo=UTC),
        promised_on=promised,
        started_on=date(2026, 8, 20),
        term=5,
        post=post,
    )
    if answered:
        at = datetime(answered.year, answered.month, answered.day, 2, 0, tzinfo=UTC)
        Answer.objects.create(
            case=case,
            text="答复",
            outcome="done",
            post=post.name,
            member=officer_named(township, "党政办主任").member,
            at=at,
            exemption="简单答复",
            settled_at=at,
        )
    return case


def proposed(township) -> Report:
    """A report over the quarter that waits to be made final."""
    office = officer_named(township, "党政办主任")
    report = workflow.draft(officer=office, period=QUARTER)
    return workflow.propose(report=report, officer=office)
