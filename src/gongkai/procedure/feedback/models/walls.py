"""What the wall shows of voices."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Member
from gongkai.procedure.feedback.models.cases import Case
from gongkai.procedure.feedback.states import (
    WallReason,
)
from gongkai.procedure.proposals.models import Disclosure


class Wording(models.Model):
    """What the wall is to show of a voice, as somebody proposes it (上墙稿).

    It counts from ``passed_at``: when a second person passed it, or at once under the charter's
    named ``exemption``. ``off`` proposes to show nothing. Where the words differ from the voice's
    own, which stay in the case, ``reason`` and ``why`` say so to everybody. ``item`` is the
    disclosure that the reply leads to.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(blank=True)
    off = models.BooleanField(default=False)
    reason = models.CharField(max_length=10, choices=WallReason.choices, blank=True)
    why = models.CharField(max_length=200, blank=True)
    item = models.ForeignKey(Disclosure, null=True, on_delete=models.PROTECT, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=300)
    at = models.DateTimeField()
    passed_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    passed_post = models.CharField(max_length=300, blank=True)
    passed_at = models.DateTimeField(null=True)
    exemption = models.CharField(max_length=100, blank=True)
    returned_reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("上墙稿")
        constraints = (
            models.CheckConstraint(
                condition=Q(passed_at__isnull=True) | Q(passed_by__isnull=False) | ~Q(exemption=""),
                name="a_wording_counts_by_passing_or_exemption",
            ),
            models.CheckConstraint(
                condition=Q(passed_by__isnull=True) | ~Q(passed_by=models.F("member")),
                name="nobody_passes_their_own_wording",
            ),
            models.CheckConstraint(
                condition=Q(off=False) | Q(text="") & ~Q(reason=""),
                name="what_is_kept_off_has_its_reason",
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(passed_at__isnull=True, returned_reason=""),
                name="one_wording_of_a_case_waits",
            ),
        )


class Hanging(models.Model):
    """A voice's place on the wall (上墙): a permanent address, and the wording passed last.

    ``record`` is the key of its newest public record; none while it is kept off, or its item is not
    for everybody. Taken down, it keeps the address, with the day and the reason.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    address = models.CharField(max_length=10, unique=True)
    wording = models.ForeignKey(Wording, on_delete=models.PROTECT, related_name="+")
    record = models.BigIntegerField(null=True)
    down_at = models.DateTimeField(null=True)
    down_reason = models.CharField(max_length=10, choices=WallReason.choices, blank=True)
    down_why = models.CharField(max_length=200, blank=True)
    down_post = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("上墙")
        constraints = (
            models.CheckConstraint(
                condition=Q(down_at__isnull=True) | ~Q(down_reason=""),
                name="what_was_taken_down_has_its_reason",
            ),
        )
