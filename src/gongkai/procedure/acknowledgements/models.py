"""Who is asked to confirm that they have read an edition, and who has."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Member
from gongkai.procedure.proposals.models import Disclosure
from gongkai.procedure.review.models import Edition


class Circular(models.Model):
    """An edition that members confirm having read (传阅件); every stage for members adds to it.

    On ``destroy_on`` the names go (``names_gone_at``); ``asked`` and ``confirmed`` then keep how
    many there were, and are 0 until that day.
    """

    edition = models.OneToOneField(Edition, on_delete=models.PROTECT, related_name="+")
    disclosure = models.ForeignKey(Disclosure, on_delete=models.PROTECT, related_name="+")
    destroy_on = models.DateField()
    names_gone_at = models.DateTimeField(null=True)
    asked = models.PositiveIntegerField(default=0)
    confirmed = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("传阅件")
        constraints = (
            models.CheckConstraint(
                condition=Q(names_gone_at__isnull=False) | Q(asked=0, confirmed=0),
                name="names_are_counted_when_they_go",
            ),
        )
        indexes = (
            models.Index(
                fields=["destroy_on"],
                condition=Q(names_gone_at__isnull=True),
                name="circulars_with_names",
            ),
        )

    def __str__(self) -> str:
        return f"circular {self.pk}"


class Acknowledgement(models.Model):
    """One member's confirmation of having read one edition (阅读确认), asked for or given.

    ``due_on`` is the last day for it, on the morning after which one letter reminds (``reminded``).
    """

    circular = models.ForeignKey(Circular, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    asked_on = models.DateField()
    due_on = models.DateField()
    reminded = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("阅读确认")
        constraints = (
            models.UniqueConstraint(
                fields=["circular", "member"], name="a_member_confirms_an_edition_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["due_on"],
                condition=Q(confirmed_at__isnull=True, reminded=False),
                name="confirmations_to_remind_of",
            ),
            models.Index(
                fields=["member"],
                condition=Q(confirmed_at__isnull=True),
                name="confirmations_owed",
            ),
        )

    def __str__(self) -> str:
        return f"acknowledgement {self.pk}"
