"""Every voice and its answer: one case model."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Member, Organisation, Post
from gongkai.procedure.feedback.states import CaseKind, CaseState, Ground, Outcome
from gongkai.procedure.proposals.models import Disclosure


class Case(models.Model):
    """A voice and what became of it (办件). Contact data stands apart, in :class:`Contact`.

    ``receipt`` is the SHA-256 of the receipt code, which only its holder knows. ``show`` says
    that the voice agreed to stand on the wall. ``ground`` says what is wrong with the item, for a
    voice of the kind ``problem`` and no other; what tells of personal data is never shown.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    disclosure = models.ForeignKey(
        Disclosure, null=True, on_delete=models.PROTECT, related_name="+"
    )
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=CaseKind.choices, default=CaseKind.OPINION)
    ground = models.CharField(max_length=10, choices=Ground.choices, blank=True)
    state = models.CharField(max_length=10, choices=CaseState.choices, default=CaseState.RECEIVED)
    text = models.TextField()
    show = models.BooleanField(default=False)
    receipt = models.CharField(max_length=64, unique=True)
    token = models.CharField(max_length=64, null=True, unique=True)
    received_at = models.DateTimeField()
    promised_on = models.DateField()
    post = models.ForeignKey(Post, null=True, on_delete=models.PROTECT, related_name="+")
    reopened = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("办件")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "number"], name="a_case_has_its_number"
            ),
            models.CheckConstraint(
                condition=Q(state="received") | Q(post__isnull=False),
                name="a_case_in_hand_has_its_post",
            ),
            models.CheckConstraint(
                condition=Q(kind="problem", disclosure__isnull=False) & ~Q(ground="")
                | ~Q(kind="problem") & Q(ground=""),
                name="a_problem_has_its_item_and_ground",
            ),
            models.CheckConstraint(
                condition=~Q(ground="privacy") | Q(show=False),
                name="what_tells_of_privacy_is_not_shown",
            ),
        )
        indexes = (
            models.Index(fields=["organisation", "state", "promised_on"], name="cases_by_state"),
            models.Index(fields=["disclosure", "state"], name="cases_of_a_disclosure"),
        )

    def __str__(self) -> str:
        return self.number


class Contact(models.Model):
    """How to reach a voice (联系方式), encrypted, destroyed by the tick on the charter's day."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="+")
    sealed = models.BinaryField()
    destroy_on = models.DateField(db_index=True)

    class Meta:
        verbose_name = _("联系方式")


class Answer(models.Model):
    """An answer to a case (答复).

    It counts from ``settled_at``: when a second person approved it, or at once under the charter's
    named ``exemption``. ``record`` is the key of the public record it opened as: for a voice that
    agreed to be shown, and for every problem, whose outcome is counted in public.
    """

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    outcome = models.CharField(max_length=12, choices=Outcome.choices)
    post = models.CharField(max_length=300)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    approved_by = models.ForeignKey(Member, null=True, on_delete=models.PROTECT, related_name="+")
    approved_post = models.CharField(max_length=300, blank=True)
    approved_at = models.DateTimeField(null=True)
    exemption = models.CharField(max_length=100, blank=True)
    returned_reason = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, db_index=True)
    record = models.BigIntegerField(null=True, unique=True)

    class Meta:
        verbose_name = _("答复")
        constraints = (
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True)
                | Q(approved_by__isnull=False)
                | ~Q(exemption=""),
                name="an_answer_counts_by_approval_or_exemption",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("member")),
                name="nobody_approves_their_own_answer",
            ),
        )


class Attempt(models.Model):
    """How often one network knocked in one hour (访问计数), against floods from robots.

    ``network`` is a keyed hash of the shortened address; rows of past hours are deleted.
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
