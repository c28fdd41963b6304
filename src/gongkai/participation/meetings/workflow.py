"""The verbs on the rota: plan, change, announce, send back, cancel, conclude, begin the record.

Those of booking and of the day itself are in :mod:`visiting`.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Conflict, Refused
from gongkai.foundation.core.identifiers import new_address
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations.audience import PUBLIC
from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.organisations.queries import Officer
from gongkai.participation.meetings import announcing, queries, recording, rules, visiting
from gongkai.participation.meetings.models import Notice, ReceptionDay
from gongkai.participation.meetings.rules import Arrangement
from gongkai.participation.meetings.states import DayState, NoticeKind
from gongkai.procedure.catalogue.queries import charter_of, entry
from gongkai.procedure.proposals import workflow as proposals
from gongkai.procedure.proposals.models import Draft


def plan(
    *, officer: Officer, organisation: Organisation, on: Sequence[date], wanted: Arrangement
) -> list[ReceptionDay]:
    """Plan these days alike; a second person announces each 排接访. All of them, or none."""
    wanted = _tidied(wanted)
    if obstacles := rules.plan_obstacles(organisation, officer, on, wanted):
        raise Refused(obstacles)
    rule = queries.rule_of(organisation)
    assert rule is not None, "the rule asked for it"
    try:
        with transaction.atomic():
            return [_planned(officer, organisation, day, wanted, rule) for day in sorted(on)]
    except IntegrityError as error:  # somebody else planned the same hour at the same moment
        raise Conflict("the post already receives at that hour") from error


@transaction.atomic
def change(*, day: ReceptionDay, officer: Officer, wanted: Arrangement, reason: str = "") -> Notice:
    """Write down a change of an announced day, or plan one anew that was sent back 改安排."""
    day, wanted = _locked(day), _tidied(wanted)
    if obstacles := rules.change_obstacles(day, officer, wanted, reason):
        raise Refused(obstacles)
    kind = NoticeKind.CHANGE if day.state == DayState.OPEN else NoticeKind.PLAN
    if kind == NoticeKind.PLAN:
        _arrange(day, wanted)
    written = _write(day, kind, officer, wanted.facts, reason.strip())
    _record("reception.change", day, officer, {"notice": written.pk, "text": reason.strip()})
    return written


@transaction.atomic
def approve(*, notice: Notice, officer: Officer) -> Notice:
    """Announce it, as the second person; who booked is told of a change 审定公布."""
    day = _locked(notice.day)
    notice = _fresh(notice, day)
    if obstacles := rules.approve_obstacles(notice, officer):
        raise Refused(obstacles)
    before = announcing.arranged(day)
    if notice.kind == NoticeKind.RESULT:
        day.state = DayState.HELD if notice.facts["held"] else DayState.MISSED
    else:
        day.state = DayState.OPEN
    if notice.kind == NoticeKind.CHANGE:
        _arrange(day, rules.wanted_of(notice))
        notice.facts = {**notice.facts, "was": before}
    day.save()
    notice.approved_by, notice.approved_post = officer.member, officer.post_names
    _settle("reception.announce", day, notice, officer)
    if notice.kind == NoticeKind.CHANGE:
        visiting.told_of_change(day, notice.reason)
    return notice


@transaction.atomic
def send_back(*, notice: Notice, officer: Officer, text: str) -> Notice:
    """Send the announcement back with what is to be changed 退回公告."""
    day = _locked(notice.day)
    notice = _fresh(notice, day)
    if obstacles := rules.return_obstacles(notice, officer, text):
        raise Refused(obstacles)
    notice.returned_reason = text.strip()
    notice.save(update_fields=["returned_reason"])
    _record("reception.return", day, officer, {"notice": notice.pk, "text": text.strip()})
    return notice


@transaction.atomic
def drop(*, day: ReceptionDay, officer: Officer) -> ReceptionDay:
    """Give up a day that was never announced 放弃安排."""
    day = _locked(day)
    if obstacles := rules.drop_obstacles(day, officer):
        raise Refused(obstacles)
    day.state = DayState.DROPPED
    day.save(update_fields=["state"])
    _record("reception.drop", day, officer, {})
    return day


@transaction.atomic
def cancel(*, day: ReceptionDay, officer: Officer, text: str) -> ReceptionDay:
    """Let an announced day fall out, at once, with a public reason; who booked is told 取消接访.

    One person does it, as one withdraws: people may be on their way. A change that waits for its
    second person falls with it.
    """
    day = _locked(day)
    if obstacles := rules.cancel_obstacles(day, officer, text):
        raise Refused(obstacles)
    waiting = Notice.objects.filter(day=day, settled_at=None, returned_reason="")
    waiting.update(returned_reason=_("这一天取消了。"))
    day.state = DayState.CANCELLED
    day.save(update_fields=["state"])
    written = _write(day, NoticeKind.CANCEL, officer, {}, text.strip())
    _settle("reception.cancel", day, written, officer)
    visiting.told_of_cancelling(day, written.reason)
    return day


@transaction.atomic
def conclude(*, day: ReceptionDay, officer: Officer, held: bool, reason: str = "") -> Notice:
    """Write down whether the leader received, and in numbers who came; another announces 登记结果.

    The numbers are counted here, from what was noted on the day.
    """
    day = _locked(day)
    if obstacles := rules.conclude_obstacles(day, officer, held=held, reason=reason):
        raise Refused(obstacles)
    found = queries.bookings(day)
    facts = {"held": held, **queries.counts(found), "categories": queries.categories(found)}
    written = _write(day, NoticeKind.RESULT, officer, facts, "" if held else reason.strip())
    _record("reception.conclude", day, officer, {"held": held, "visits": facts["visits"]})
    return written


def draft_record(*, day: ReceptionDay, officer: Officer) -> Draft:
    """Begin the disclosure that tells what was said and promised, reviewed like any 起草记录."""
    with transaction.atomic():
        day = _locked(day)
        organisation, rule = day.organisation, queries.rule_of(day.organisation)
        if obstacles := rules.record_obstacles(day, officer, rule):
            raise Refused(obstacles)
        assert rule is not None, "the rule asked for it"
        charter = charter_of(organisation)[1]
        title, text = recording.written(day, queries.bookings(day), charter)
        draft = proposals.begin(
            organisation=organisation,
            entry=entry(organisation, rule.entry),
            officer=officer,
            title=title,
            body=text,
            kind="document",
        )
        day.disclosure = draft.disclosure
        day.save(update_fields=["disclosure"])
        address = draft.disclosure.address
        _record("reception.record", day, officer, {"address": address})
    return draft


# -- small parts -----------------------------------------------------------------------------------


def _planned(
    officer: Officer, organisation: Organisation, on: date, wanted: Arrangement, rule: Any
) -> ReceptionDay:
    day = ReceptionDay.objects.create(
        organisation=organisation,
        key=new_address(),
        date=on,
        result_due=queries.result_due(on, rule),
        post=wanted.post,
        starts=wanted.starts,
        minutes=wanted.minutes,
        slots=wanted.slots,
        place=wanted.place,
        subject=wanted.subject,
    )
    _write(day, NoticeKind.PLAN, officer, wanted.facts, "")
    _record("reception.plan", day, officer, {"date": on.isoformat(), "to": wanted.post.name})
    return day


def _arrange(day: ReceptionDay, wanted: Arrangement) -> None:
    day.post, day.starts, day.minutes = wanted.post, wanted.starts, wanted.minutes
    day.slots, day.place, day.subject = wanted.slots, wanted.place, wanted.subject
    day.changed += 1
    day.save()


def _write(
    day: ReceptionDay, kind: NoticeKind, officer: Officer, facts: Mapping[str, Any], reason: str
) -> Notice:
    return Notice.objects.create(
        day=day,
        kind=kind,
        facts=dict(facts),
        reason=reason,
        member=officer.member,
        post=officer.post_names,
        at=clock.now(),
    )


def _settle(verb: str, day: ReceptionDay, notice: Notice, officer: Officer) -> None:
    """It counts from now on: the public record of the day says so."""
    notice.settled_at = clock.now()
    notice.save()
    told = announcing.body(day, queries.settled(day))
    opens = ledger.Opening(announcing.KIND, day.subject_name, {PUBLIC}, told)
    facts = {"kind": notice.kind, "notice": notice.pk}
    facts |= {"text": notice.reason} if notice.reason else {}
    record = _record(verb, day, officer, facts, opens)
    notice.record = record.pk
    notice.save(update_fields=["record"])


def _tidied(wanted: Arrangement) -> Arrangement:
    return Arrangement(
        post=wanted.post,
        starts=wanted.starts.replace(second=0, microsecond=0),
        minutes=wanted.minutes,
        slots=wanted.slots,
        place=wanted.place.strip(),
        subject=wanted.subject.strip(),
    )


def _locked(day: ReceptionDay) -> ReceptionDay:
    rows = ReceptionDay.objects.select_for_update(of=("self",))
    return rows.select_related("organisation", "post").get(pk=day.pk)


def _fresh(notice: Notice, day: ReceptionDay) -> Notice:
    found = Notice.objects.get(pk=notice.pk)
    found.day = day
    return found


def _record(
    verb: str,
    day: ReceptionDay,
    officer: Officer,
    facts: Mapping[str, Any],
    opens: ledger.Opening | None = None,
) -> Any:
    return ledger.record(
        verb=verb,
        actor=officer.actor,
        organisation=day.organisation.slug,
        subject=day.subject_name,
        label=f"{day.date.isoformat()} {day.post.name}",
        facts={**facts, "day": day.key, "post": officer.post_names},
        opens=opens,
    )
