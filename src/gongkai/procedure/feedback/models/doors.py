"""What stands before a voice becomes a case: block list, floods, repetitions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Member, Organisation, Post
from gongkai.procedure.feedback.models.cases import Case
from gongkai.procedure.feedback.states import (
    CaseKind,
    Ground,
    HeldState,
)
from gongkai.procedure.proposals.models import Disclosure


class Phrase(models.Model):
    """A phrase of the organisation's block list (拦截词): a voice in which it stands is read by a
    supervisor first. ``spelt`` is what it is compared by; see :mod:`phrases`.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    phrase = models.CharField(max_length=60)
    spelt = models.CharField(max_length=200)
    why = models.CharField(max_length=200)
    listed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    listed_post = models.CharField(max_length=300)
    listed_on = models.DateField()

    class Meta:
        verbose_name = _("拦截词")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "spelt"], name="a_phrase_is_listed_once"
            ),
        )

    def __str__(self) -> str:
        return self.phrase


class Held(models.Model):
    """A voice that a supervisor reads before it becomes a case (先看的意见), and what they decided.

    It has its receipt like any other, and the day it came counts. ``text`` and ``sealed``, the
    encrypted contact data, go when it becomes a case, when its sender takes it back, and else on
    ``destroy_on``. Nobody decides on what their own phrase has held.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    disclosure = models.ForeignKey(
        Disclosure, null=True, on_delete=models.PROTECT, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=CaseKind.choices)
    ground = models.CharField(max_length=10, choices=Ground.choices, blank=True)
    asked = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    show = models.BooleanField(default=False)
    sealed = models.BinaryField(null=True)
    destroy_on = models.DateField(db_index=True)
    receipt = models.CharField(max_length=64, unique=True)
    token = models.CharField(max_length=64, null=True, unique=True)
    came_at = models.DateTimeField()
    look_by = models.DateField()
    phrase = models.CharField(max_length=60)
    listed_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=HeldState.choices, default=HeldState.WAITING)
    decided_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    decided_post = models.CharField(max_length=300, blank=True)
    decided_at = models.DateTimeField(null=True)
    why = models.TextField(blank=True)
    case = models.OneToOneField(Case, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("先看的意见")
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "withdrawn"], decided_by__isnull=True)
                | Q(state="passed", decided_by__isnull=False, case__isnull=False, text="")
                | Q(state="refused", decided_by__isnull=False, case__isnull=True) & ~Q(why=""),
                name="what_was_held_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("listed_by")),
                name="nobody_decides_on_what_their_phrase_held",
            ),
        )
        indexes = (models.Index(fields=["organisation", "state"], name="held_by_state"),)


class Heard(models.Model):
    """That these words came today from one network (来过的话), so that they make one case.

    ``network`` is a keyed digest of network and day, ``words`` one of network, day and words:
    neither can be turned back. Rows go after a day.
    """

    network = models.CharField(max_length=64)
    words = models.CharField(max_length=64, unique=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = _("来过的话")
        indexes = (models.Index(fields=["network", "at"], name="heard_from_a_network"),)


class Attempt(models.Model):
    """How often one network knocked in ten minutes (访问计数), against floods from robots.

    ``network`` is a keyed hash of the shortened address, ``hour`` when these minutes began; past
    rows are deleted.
    """

    door = models.CharField(max_length=10)
    network = models.CharField(max_length=64)
    hour = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("访问计数")
        constraints = (
            models.UniqueConstraint(
                fields=["door", "network", "hour"], name="a_network_counts_once_an_hour"
            ),
        )
