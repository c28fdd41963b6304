"""Reads about what is due."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from gongkai.foundation.core.errors import Refused
from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.catalogue.models import CharterVersion, Entry
from gongkai.procedure.duties.models import Duty, Followed, Schedule
from gongkai.procedure.duties.states import DutyKind, DutyState


def schedule(entry: Entry) -> Schedule:
    """When ``entry`` falls due. ``Refused`` while its charter has not been followed yet."""
    found = Schedule.objects.filter(entry=entry).select_related("entry", "organisation").first()
    if found is None:
        raise Refused([_("“%s”的时限还没有排出来，请等一分钟再试。") % entry])
    return found


def duty(organisation: Organisation, pk: int) -> Duty:
    """The duty ``pk`` of the organisation. ``Refused`` when it has none."""
    found = Duty.objects.filter(organisation=organisation, pk=pk)
    one = found.select_related("entry", "organisation").first()
    if one is None:
        raise Refused([_("没有这项公开任务，可能刚有人改过。请看最新的情况。")])
    return one


def subject(duty: Duty) -> str:
    """The ledger's name of ``duty``, which is known with its organisation and entry."""
    return f"due:{duty.organisation.slug}:{duty.entry.code}:{duty.key}"


def open_duties(organisation: Organisation) -> QuerySet[Duty]:
    """What is still owed, by last day."""
    rows = Duty.objects.filter(organisation=organisation, state=DutyState.OPEN)
    return rows.select_related("entry").order_by("due_on", "pk")


def overdue(organisation: Organisation, today: date) -> QuerySet[Duty]:
    """What should have been published before ``today``, longest due first."""
    return open_duties(organisation).filter(due_on__lt=today)


def open_of(entry: Entry, on: date, kinds: Iterable[str] = DutyKind.values) -> QuerySet[Duty]:
    """What can be done for ``entry`` on that day, by last day."""
    rows = Duty.objects.filter(entry=entry, state=DutyState.OPEN, from_on__lte=on)
    return rows.filter(kind__in=list(kinds)).order_by("due_on", "pk")


def unfollowed() -> QuerySet[CharterVersion]:
    """The newest charter of each organisation whose schedules are not made from it yet."""
    seen = Followed.objects.filter(
        organisation=OuterRef("organisation"), number__gte=OuterRef("number")
    )
    newer = CharterVersion.objects.filter(
        organisation=OuterRef("organisation"), number__gt=OuterRef("number")
    )
    rows = CharterVersion.objects.filter(~Exists(seen), ~Exists(newer))
    return rows.select_related("organisation").order_by("pk")


def to_plan(before: date) -> QuerySet[Schedule]:
    """Where a period begins by that day that has no duty yet."""
    rows = Schedule.objects.filter(planned__isnull=False, planned__lt=before)
    return rows.select_related("organisation").order_by("planned", "pk")


def provisional(before: date) -> QuerySet[Duty]:
    """What has to be counted anew once its calendar is known, and falls due before that day."""
    rows = Duty.objects.filter(provisional=True, state=DutyState.OPEN, due_on__lt=before)
    return rows.select_related("entry", "organisation").order_by("due_on", "pk")


def counted_over(first: date, last: date) -> QuerySet[Duty]:
    """What is owed and was counted over any of these days."""
    return Duty.objects.filter(state=DutyState.OPEN, due_on__gte=first, nominal_on__lte=last)


def to_show() -> QuerySet[Schedule]:
    """The entries whose public rows are no longer true."""
    return Schedule.objects.filter(stale=True).order_by("pk")


def to_remind(today: date) -> QuerySet[Followed]:
    """The organisations that have not been looked through for reminders on that day."""
    rows = Followed.objects.filter(reminded_on__lt=today).select_related("organisation")
    return rows.order_by("reminded_on", "pk")
