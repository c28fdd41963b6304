"""The verbs on duties: follow a charter, plan, report, waive, confirm; what later steps tell."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from gongkai.foundation.core import clock
from gongkai.foundation.core.errors import Refused
from gongkai.foundation.core.identifiers import new_address
from gongkai.foundation.ledger import workflow as ledger
from gongkai.foundation.organisations.queries import By, Officer, actor_of, installation
from gongkai.foundation.organisations.queries import today as today_of
from gongkai.procedure.catalogue.models import CharterVersion, Entry
from gongkai.procedure.catalogue.queries import charter_of
from gongkai.procedure.duties import (
    booking,
    calendars,
    coverage,
    due,
    following,
    letters,
    queries,
    reminding,
    rules,
)
from gongkai.procedure.duties.calendars import Year
from gongkai.procedure.duties.due import REPORTED, Planned
from gongkai.procedure.duties.models import Duty, Followed, Schedule
from gongkai.procedure.duties.states import DutyKind, DutyState

# -- what falls due --------------------------------------------------------------------------------


@transaction.atomic
def follow(version: CharterVersion) -> int:
    """Arrange schedules and duties as the charter ``version`` has them 照办. Returns how many new
    duties there are at once.

    What has begun under an earlier rule stays due by it; what has not is void, as is everything of
    an entry that is not listed any more. What stands for good and is listed for the first time is
    due within the charter's 形成以后 limit; in an organisation that has published before anybody
    counted, it is looked at within a year. *Repeats after a crash.*
    """
    return following.follow(version)


@transaction.atomic
def plan(schedules: Sequence[Schedule], until: Mapping[int, date]) -> int:
    """Make the duties of the periods that begin by ``until``, by organisation 排任务. Returns how
    many.

    *A crash makes none of them: ``planned`` moves in the same transaction.*
    """
    return following.plan(schedules, until)


@transaction.atomic
def recount(duties: Sequence[Duty]) -> int:
    """Count provisional last days anew, now that their calendar is known. Returns how many moved.

    *Repeats after a crash: what is settled is not provisional any more.*
    """
    held = Duty.objects.select_for_update().filter(
        pk__in=[duty.pk for duty in duties], state=DutyState.OPEN
    )
    counted = list(held.order_by("pk"))
    now = {duty.pk: due.last_day(duty.nominal_on, duty.workdays) for duty in counted}
    moved = [duty for duty in counted if duty.due_on != now[duty.pk].on]
    booking.count(moved, made=-1)
    for duty in counted:
        duty.due_on, duty.provisional = now[duty.pk].on, now[duty.pk].provisional
    booking.count(moved, made=1)
    Duty.objects.bulk_update(counted, ["due_on", "provisional"], batch_size=booking.MANY)
    Schedule.objects.filter(entry__in={duty.entry_id for duty in counted}).update(stale=True)
    return len(moved)


@transaction.atomic
def report(*, entry: Entry, officer: Officer, title: str, on: date) -> Duty:
    """Write down what came about on that day, or when a stage ends, so that it falls due 登记事项.

    ``Refused`` with every obstacle. The last day follows from the entry's working days, or from
    the charter's 形成以后 limit.
    """
    schedule = queries.schedule(entry)
    today = today_of(schedule.organisation)
    if obstacles := rules.report_obstacles(schedule, officer, title, on, today):
        raise Refused(obstacles)
    limit = charter_of(schedule.organisation)[1].deadlines.disclose_workdays
    planned = Planned(
        REPORTED[schedule.timing], new_address(), min(on, today), on, schedule.workdays or limit
    )
    duty = booking.row_of(schedule, planned, clock.now())
    duty.title, duty.post = " ".join(title.split()), officer.post_names
    booking.make_all([duty])
    booking.stale(schedule.entry_id)
    _told("duty.report", duty, officer)
    return duty


# -- what becomes of it ----------------------------------------------------------------------------


@transaction.atomic
def waive(*, duty: Duty, officer: Officer, reason: str) -> Duty:
    """Release the organisation from a duty, for a reason that everybody can read 免于公开."""
    duty = _held(duty)
    if obstacles := rules.waive_obstacles(duty, officer, reason):
        raise Refused(obstacles)
    duty.reason, duty.post = reason.strip(), officer.post_names
    booking.settle(duty, DutyState.WAIVED, today_of(duty.organisation))
    _told("duty.waive", duty, officer, _waiver(duty))
    return duty


@transaction.atomic
def reinstate(*, duty: Duty, officer: Officer) -> Duty:
    """Take back a waiver: the duty is owed again, by the same day 恢复任务."""
    duty = _held(duty)
    if obstacles := rules.reinstate_obstacles(duty, officer):
        raise Refused(obstacles)
    booking.owe(duty)
    _told("duty.reinstate", duty, officer, _waiver(duty))
    return duty


@transaction.atomic
def confirm(*, duty: Duty, officer: Officer) -> Duty:
    """Say that what stands for good has been looked at and is still true 复核无变化."""
    duty = _held(duty)
    today = today_of(duty.organisation)
    if obstacles := rules.confirm_obstacles(duty, officer, today):
        raise Refused(obstacles)
    duty.post = officer.post_names
    booking.settle(duty, DutyState.MET, today)
    _look_again(queries.schedule(duty.entry), today)
    _told("duty.confirm", duty, officer)
    return duty


@transaction.atomic
def fulfil(
    *, entry: Entry, duty: Duty | None, item: str, on: date, shown: bool, correction: bool
) -> Duty | None:
    """Something was published under ``entry`` on that day, at the address ``item`` 任务完成.

    Meets ``duty``, or the one that has been due longest; a ``correction`` only what asks for a
    change. Returns the duty met, None when nothing was due. What stands for good is looked at
    again a year later. A part of the verb that publishes; ``shown`` says that everybody can read
    the item.
    """
    schedule = Schedule.objects.filter(entry=entry).select_related("entry", "organisation").first()
    if schedule is None:
        return None
    kinds = (DutyKind.CHANGE,) if correction else DutyKind.values
    asked = queries.open_of(entry, on, kinds)
    if duty and not correction:
        asked = Duty.objects.filter(pk=duty.pk, state=DutyState.OPEN)
    met = asked.select_for_update().first()
    if met:
        booking.meet(met, item, on, shown)
    if schedule.timing == "standing":
        for each in queries.open_of(entry, on, (DutyKind.FIRST,)).select_for_update():
            booking.meet(each, item, on, shown)
        _look_again(schedule, on, item, shown)
    return met


@transaction.atomic
def owe_again(*, item: str) -> list[Duty]:
    """What was published at ``item`` is taken back, so what it met is owed again 任务恢复.

    A part of the verb that withdraws or erases. Returns the duties.
    """
    met = Duty.objects.select_for_update(of=("self",)).select_related("entry", "organisation")
    duties = list(met.filter(item=item, state=DutyState.MET))
    for duty in duties:
        booking.owe(duty)
    return duties


@transaction.atomic
def show(schedules: Sequence[Schedule]) -> int:
    """Publish how these entries are kept, as it is now 应公开与已公开. Returns how many rows.

    One record tells the rows of an organisation that the same readers may see.
    """
    held = Schedule.objects.select_for_update(of=("self",))
    wanted = [each.pk for each in schedules]
    found = list(
        held.filter(pk__in=wanted, stale=True)
        .select_related("entry", "organisation")
        .order_by("pk")
    )
    rows = coverage.rows(found)
    together: dict[tuple[str, ...], list[Schedule]] = defaultdict(list)
    for each in found:
        together[(each.organisation.slug, each.organisation.name, *each.audience)].append(each)
    for (slug, name, *audience), some in together.items():
        ledger.record(
            verb="coverage.show",
            actor=ledger.SYSTEM,
            organisation=slug,
            subject=coverage.subject(slug),
            label=name,
            facts={"entries": [each.entry.code for each in some]},
            opens=ledger.Opening(
                kind=coverage.KIND,
                subject=coverage.subject(slug),
                audience=audience,
                body=coverage.body([rows[each.pk] for each in some]),
            ),
        )
    Schedule.objects.filter(pk__in=[each.pk for each in found]).update(stale=False)
    return len(found)


@transaction.atomic
def remind(*, followed: Followed, today: date) -> int:
    """Write to whoever has to hear today of what is due or overdue 提醒. Returns how many letters.

    One letter tells a reader all; it waits with the mail, so a mail server that is down loses none.
    *A crash sends none of them, the next visit all.*
    """
    followed = Followed.objects.select_for_update(of=("self",)).get(pk=followed.pk)
    if followed.reminded_on >= today:
        return 0
    organisation = followed.organisation
    charter = charter_of(organisation)[1]
    found = reminding.round_of(organisation, charter, today)
    addressed = {
        member: duties
        for member, duties in found.letters.items()
        if member.account and member.account.email
    }
    for member, duties in addressed.items():
        letters.reminder(charter, member, duties, today)
    for many in sorted(set(found.told.values())):
        those = [key for key, told in found.told.items() if told == many]
        Duty.objects.filter(pk__in=those).update(told=many)
    followed.reminded_on = today
    followed.save(update_fields=["reminded_on"])
    if found.told:
        ledger.record(
            verb="duty.remind",
            actor=ledger.SYSTEM,
            organisation=organisation.slug,
            subject=f"duties:{organisation.slug}",
            label=organisation.name,
            facts={"duties": len(found.told), "letters": len(addressed)},
        )
    return len(addressed)


@transaction.atomic
def load_calendar(year: Year, *, by: By) -> Year:
    """Take the arrangement of a year's holidays into use, in place of any earlier one 装入放假安排.

    ``Refused`` before there is an organisation. The file appears whole; every process takes it in
    at its next look, and the tick counts anew what was counted over its days. *A crash before the
    commit may leave the file without its act; load it again.*
    """
    organisation = installation()
    if organisation is None:
        raise Refused([_("这里还没有单位。请先运行gongkai init。")])
    ledger.record(
        verb="calendar.load",
        actor=actor_of(by),
        organisation=organisation.slug,
        subject=f"calendar:{year.year}",
        label=_("%(year)s年放假安排") % {"year": year.year},
        facts={
            "year": year.year,
            "off": year.off,
            "made_up": year.made_up,
            "digest": sha256(year.data).hexdigest(),
        },
    )
    queries.counted_over(year.first, year.last).update(provisional=True)
    folder = calendars.folder()
    folder.mkdir(mode=0o700, exist_ok=True)
    partial = folder / f".{year.year}.json"
    partial.write_bytes(year.data)
    partial.chmod(0o600)
    partial.replace(folder / f"{year.year}.json")
    calendars.notice()
    return year


def _held(duty: Duty) -> Duty:
    rows = Duty.objects.select_for_update(of=("self",)).select_related("entry", "organisation")
    return rows.get(pk=duty.pk)


def _look_again(schedule: Schedule, on: date, item: str = "", shown: bool = False) -> None:
    """What stands for good was published or confirmed: the next look at it is a year away."""
    if schedule.period:
        return
    asked = queries.open_of(schedule.entry, date.max, (DutyKind.REVIEW,)).select_for_update()
    for duty in asked:
        if duty.from_on > on:
            booking.void_one(duty, on)
        else:
            booking.meet(duty, item, on, shown)
    again = due.review(on)
    if not Duty.objects.filter(entry=schedule.entry, key=again.key).exists():
        booking.make_all([booking.row_of(schedule, again, clock.now())])
    booking.stale(schedule.entry_id)


# -- words for the ledger --------------------------------------------------------------------------


def _told(verb: str, duty: Duty, officer: Officer, opens: ledger.Opening | None = None) -> None:
    facts = {
        "entry": duty.entry.code,
        "key": duty.key,
        "due": duty.due_on.isoformat(),
        "text": duty.reason or duty.title,
        "post": officer.post_names,
    }
    ledger.record(
        verb=verb,
        actor=officer.actor,
        organisation=duty.organisation.slug,
        subject=queries.subject(duty),
        label=f"{duty.entry} {duty}",
        facts=facts,
        opens=opens,
    )


def _waiver(duty: Duty) -> ledger.Opening:
    """The public record of a waiver, or of its being taken back."""
    audience = Schedule.objects.values_list("audience", flat=True).get(entry=duty.entry_id)
    return ledger.Opening(
        kind="waiver",
        subject=queries.subject(duty),
        audience=audience,
        body={
            "format": "gongkai-waiver/1",
            "entry": duty.entry.code,
            "key": duty.key,
            "title": duty.title,
            "due": duty.due_on.isoformat(),
            "waived": duty.state == DutyState.WAIVED,
            "reason": duty.reason,
            "post": duty.post,
        },
    )
