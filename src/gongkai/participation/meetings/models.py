"""Days on which leaders receive visitors, what is announced of them, and who comes."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Member, Organisation, Post
from gongkai.participation.meetings.states import (
    SEATED,
    BookingState,
    DayState,
    NoticeKind,
)
from gongkai.procedure.feedback.models import Case
from gongkai.procedure.proposals.models import Disclosure


class ReceptionDay(models.Model):
    """A day on which the holder of a post receives visitors (接访日).

    ``key`` is its permanent address. It has ``slots`` times of ``minutes`` each from ``starts`` on,
    in the organisation's civil time. ``result_due`` is the last day on which its result is to be
    announced; ``disclosure`` the draft of its record, once somebody has begun one.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=10, unique=True)
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    date = models.DateField()
    starts = models.TimeField()
    minutes = models.PositiveSmallIntegerField()
    slots = models.PositiveSmallIntegerField()
    place = models.CharField(max_length=100)
    subject = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=10, choices=DayState.choices, default=DayState.DRAFT)
    result_due = models.DateField()
    changed = models.PositiveIntegerField(default=0)
    disclosure = models.OneToOneField(
        Disclosure, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("接访日")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "post", "date", "starts"],
                condition=~Q(state__in=("cancelled", "dropped")),
                name="a_post_receives_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(slots__gte=1, minutes__gte=1), name="a_reception_day_has_times"
            ),
        )
        indexes = (
            models.Index(fields=["organisation", "date", "starts"], name="receptions_by_date"),
            models.Index(fields=["state", "date"], name="receptions_by_state"),
        )

    def __str__(self) -> str:
        return self.key

    @property
    def subject_name(self) -> str:
        """Under which name the ledger keeps the day."""
        return f"reception:{self.organisation.slug}:{self.key}"

    def at(self, slot: int) -> datetime:
        """The instant at which the time number ``slot`` begins, from 1; one more than there are:
        the end of the day's hours.
        """
        zone = ZoneInfo(self.organisation.zone)
        begins = datetime.combine(self.date, self.starts, zone)
        return begins + timedelta(minutes=self.minutes * (slot - 1))

    @property
    def ends_at(self) -> datetime:
        """The instant at which its hours end."""
        return self.at(self.slots + 1)


class Notice(models.Model):
    """Something announced about a day (接访公告): a plan, a change, its end, its result.

    It counts from ``settled_at``, when a second person approved it; that a day falls out counts at
    once, since people may be on their way. ``facts`` hold what is new; ``record`` is the key of
    the public record it opened.
    """

    day = models.ForeignKey(ReceptionDay, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=NoticeKind.choices)
    facts = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=300)
    at = models.DateTimeField()
    approved_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    approved_post = models.CharField(max_length=300, blank=True)
    settled_at = models.DateTimeField(null=True)
    returned_reason = models.TextField(blank=True)
    record = models.BigIntegerField(null=True, unique=True)

    class Meta:
        verbose_name = _("接访公告")
        constraints = (
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True)
                | Q(approved_by__isnull=False)
                | Q(kind="cancel"),
                name="an_announcement_counts_by_approval",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("member")),
                name="nobody_approves_their_own_announcement",
            ),
            models.UniqueConstraint(
                fields=["day"],
                condition=Q(settled_at__isnull=True, returned_reason=""),
                name="a_day_has_one_announcement_in_hand",
            ),
        )
        indexes = (models.Index(fields=["day", "id"], name="announcements_of_a_day"),)

    def __str__(self) -> str:
        return f"{self.kind} {self.day_id}"


class Booking(models.Model):
    """A time that visitors have booked, or wait for (预约); also who comes without one.

    ``receipt`` is the SHA-256 of the receipt code, which only its holder knows. Nothing here tells
    who it is: how to reach them stands apart, in :class:`Reach`. ``untold`` says that their time
    changed and only a telephone call can tell them, ``unreached_on`` the day on which a letter to
    them did not arrive. What was said becomes a ``case``; ``category``
    and what was promised are for the day's record.
    """

    day = models.ForeignKey(ReceptionDay, on_delete=models.PROTECT, related_name="+")
    slot = models.PositiveSmallIntegerField(null=True)
    state = models.CharField(max_length=10, choices=BookingState.choices)
    persons = models.PositiveSmallIntegerField()
    about = models.TextField()
    receipt = models.CharField(max_length=64, unique=True)
    token = models.CharField(max_length=64, null=True, unique=True)
    language = models.CharField(max_length=10, default="zh-hans")
    walk_in = models.BooleanField(default=False)
    untold = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    reminded_on = models.DateField(null=True)
    unreached_on = models.DateField(null=True)
    case = models.OneToOneField(Case, null=True, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=20, blank=True)
    promise = models.CharField(max_length=300, blank=True)
    promise_by = models.DateField(null=True)

    class Meta:
        verbose_name = _("预约")
        constraints = (
            models.UniqueConstraint(
                fields=["day", "slot"],
                condition=Q(state__in=SEATED),
                name="a_time_is_booked_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="booked") | Q(slot__isnull=False),
                name="a_booking_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("waiting", "given_up")) | Q(slot__isnull=True),
                name="who_waits_has_no_time",
            ),
            models.CheckConstraint(condition=Q(persons__gte=1), name="somebody_comes"),
            models.CheckConstraint(
                condition=Q(case__isnull=True) | Q(state="arrived"),
                name="only_who_came_was_heard",
            ),
        )
        indexes = (
            models.Index(fields=["day", "state", "queued_at"], name="bookings_of_a_day"),
            models.Index(fields=["day"], condition=Q(untold=True), name="bookings_untold"),
        )

    def __str__(self) -> str:
        return f"{self.day_id}/{self.slot or '-'}"

    @property
    def waits(self) -> bool:
        """Whether it stands on the waiting list."""
        return self.state == BookingState.WAITING


class Reach(models.Model):
    """How to reach who booked (预约人联系方式), encrypted; destroyed by the tick on its day."""

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    destroy_on = models.DateField(db_index=True)

    class Meta:
        verbose_name = _("预约人联系方式")
