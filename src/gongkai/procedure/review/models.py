"""The review of a submitted draft, and the edition that sealing makes."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Member
from gongkai.procedure.catalogue.models import CharterVersion
from gongkai.procedure.proposals.models import Disclosure, Draft
from gongkai.procedure.review.states import Decision, ReviewState


class Review(models.Model):
    """One round of review of one submission (审核), through the stages of the charter in force.

    ``stage`` is the number of stages passed. ``due_on`` is the day by which the present stage
    should act.
    """

    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, related_name="+")
    round = models.PositiveIntegerField()
    charter = models.ForeignKey(CharterVersion, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=10, choices=ReviewState.choices, default=ReviewState.PENDING
    )
    stage = models.PositiveIntegerField(default=0)
    began_at = models.DateTimeField()
    due_on = models.DateField()

    class Meta:
        verbose_name = _("审核")
        constraints = (
            models.UniqueConstraint(fields=["draft", "round"], name="a_review_has_its_round"),
        )
        indexes = (models.Index(fields=["state", "due_on"], name="reviews_by_state"),)


class Opinion(models.Model):
    """What one stage's post holder decided, in words (审核意见)."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    stage = models.PositiveIntegerField()
    post = models.CharField(max_length=100)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=6, choices=Decision.choices)
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("审核意见")


class Clearance(models.Model):
    """A reviewer's signed reason to let a privacy finding stand (隐私放行)."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="+")
    finding = models.CharField(max_length=64)
    label = models.CharField(max_length=200)
    reason = models.TextField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=100)
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("隐私放行")
        constraints = (
            models.UniqueConstraint(
                fields=["review", "finding"], name="a_finding_is_cleared_once"
            ),
        )


class Edition(models.Model):
    """Immutable sealed bytes, named by digest (公开版本); made by ``review.workflow.seal`` alone.

    ``data`` is null only after an erasure.
    """

    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="+")
    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    data = models.BinaryField(null=True)
    seal_number = models.CharField(max_length=80, unique=True)
    sealed_at = models.DateTimeField()
    sealed_by = models.CharField(max_length=100)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("公开版本")
        constraints = (
            models.UniqueConstraint(
                fields=["disclosure", "number"], name="an_edition_has_its_number"
            ),
            models.CheckConstraint(
                condition=Q(data__isnull=False) | Q(erased_at__isnull=False),
                name="only_erasure_takes_an_editions_bytes",
            ),
        )

    def __str__(self) -> str:
        return f"{self.disclosure_id} v{self.number} {self.digest[:12]}"
