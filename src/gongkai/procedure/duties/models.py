"""What falls due, and how many duties were met in time."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Organisation
from gongkai.procedure.catalogue.models import Entry
from gongkai.procedure.duties.states import DutyKind, DutyState


class Schedule(models.Model):
    """When an entry falls due (时限安排), as the charter in force says.

    ``timing`` is the kind of the charter's timing, empty once the entry is not listed any more.
    ``planned`` is the last day of the last period that has become a duty; null where nothing
    recurs. ``audience`` holds the keys of whoever may see how the entry is kept; ``stale`` says
    that what they see is no longer true.
    """

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    timing = models.CharField(max_length=12, blank=True)
    period = models.CharField(max_length=8, blank=True)
    due_month = models.PositiveSmallIntegerField(default=0)
    due_day = models.PositiveSmallIntegerField(default=0)
    workdays = models.PositiveSmallIntegerField(default=0)
    planned = models.DateField(null=True)
    audience = models.JSONField(default=list)
    stale = models.BooleanField(default=True)

    class Meta:
        verbose_name = _("时限安排")
        indexes = (
            models.Index(fields=["id"], condition=Q(stale=True), name="schedules_to_show"),
            models.Index(
                fields=["planned", "id"],
                condition=Q(planned__isnull=False),
                name="schedules_to_plan",
            ),
        )

    def __str__(self) -> str:
        return f"{self.entry_id} {self.timing} {self.period}".strip()


class Followed(models.Model):
    """The charter that the schedules of an organisation were made from (已照办的实施办法).

    ``reminded_on`` is the civil day on which its duties were last looked through for reminders.
    """

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    reminded_on = models.DateField()

    class Meta:
        verbose_name = _("已照办的实施办法")
        indexes = (models.Index(fields=["reminded_on", "id"], name="followed_to_remind"),)


class Duty(models.Model):
    """An entry falling due (公开任务): a period, an event, a milestone, a change, a review.

    ``key`` tells it from the entry's others: ``2026-Q4``, or random where nothing numbers it.
    ``from_on`` is the first day on which it can be done, ``nominal_on`` the day the rule names,
    from which ``workdays`` are counted; ``due_on`` is the last day that comes to, ``provisional``
    while the calendar for that is not published. ``item`` is the address of what was published for
    it, ``shown`` says that everybody may read that; ``settled_on`` is the civil day it was met,
    waived or void; ``reason`` says why, ``post`` who reported or waived it. ``told``
    counts the reminders that went out.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=DutyKind.choices)
    key = models.CharField(max_length=12)
    title = models.CharField(max_length=200, blank=True)
    from_on = models.DateField()
    nominal_on = models.DateField()
    workdays = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField()
    provisional = models.BooleanField(default=False)
    state = models.CharField(max_length=8, choices=DutyState.choices, default=DutyState.OPEN)
    settled_on = models.DateField(null=True)
    item = models.CharField(max_length=10, blank=True)
    shown = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    post = models.CharField(max_length=300, blank=True)
    told = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("公开任务")
        constraints = (
            models.UniqueConstraint(fields=["entry", "key"], name="a_duty_is_made_once"),
            models.CheckConstraint(
                condition=Q(state="open", settled_on__isnull=True)
                | Q(settled_on__isnull=False) & ~Q(state="open"),
                name="a_settled_duty_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="waived") | ~Q(reason=""), name="a_waiver_has_its_reason"
            ),
        )
        indexes = (
            models.Index(
                fields=["organisation", "due_on", "id"],
                condition=Q(state="open"),
                name="duties_open",
            ),
            models.Index(
                fields=["due_on", "organisation"],
                condition=Q(state="open"),
                name="duties_open_by_day",
            ),
            models.Index(fields=["organisation", "due_on", "id"], name="duties_by_day"),
            models.Index(fields=["entry", "due_on", "id"], name="duties_of_an_entry"),
            models.Index(
                fields=["due_on", "id"],
                condition=Q(provisional=True, state="open"),
                name="duties_provisional",
            ),
            models.Index(fields=["item"], condition=~Q(item=""), name="duties_met_by"),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.title}".strip()

    def late(self, today: date) -> int:
        """Calendar days by which it is, or was done, after its last day; 0 in time."""
        if self.state not in (DutyState.OPEN, DutyState.MET):
            return 0
        return max(0, ((self.settled_on or today) - self.due_on).days)


class Tally(models.Model):
    """How many duties of an organisation fell due in a month (月度计数), and what became of them.

    ``month`` is its first day. Whoever compares organisations reads these few rows instead of all
    duties. A void duty is not counted; what is neither met nor waived is missing once it is due.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    made = models.PositiveIntegerField(default=0)
    on_time = models.PositiveIntegerField(default=0)
    late = models.PositiveIntegerField(default=0)
    waived = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("月度计数")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "month"], name="a_month_is_counted_once"
            ),
            models.CheckConstraint(
                condition=Q(made__gte=models.F("on_time") + models.F("late") + models.F("waived")),
                name="no_more_settled_than_made",
            ),
        )
        indexes = (models.Index(fields=["month", "organisation"], name="tallies_by_month"),)
