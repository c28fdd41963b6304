"""Files read in: the original, what was made of it, and what stood there before."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.files.models import StoredFile
from gongkai.foundation.organisations.models import Member, Organisation
from gongkai.procedure.imports.states import ImportState, Use
from gongkai.procedure.proposals.models import Disclosure


class Import(models.Model):
    """A file read in for a draft (读入), from its arrival until somebody has decided on it.

    ``target`` is what it was brought for, if anything; ``disclosure`` what it became a part of.
    ``made`` is what the machine proposes: title, body, document number, notes, doubtful lines,
    digests of pictures. ``before`` keeps the title and body that it replaced. ``key`` names a row
    of a cabinet of old files, so that none comes in twice; ``dated`` is the day on the document.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=300)
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=300)
    target = models.ForeignKey(Disclosure, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.WAITING.value)
    trouble = models.TextField(blank=True)
    made = models.JSONField(null=True)
    at = models.DateTimeField()
    touched_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    disclosure = models.ForeignKey(
        Disclosure, null=True, on_delete=models.PROTECT, related_name="+"
    )
    use = models.CharField(max_length=10, choices=Use, blank=True)
    before = models.JSONField(null=True)
    key = models.CharField(max_length=64, null=True, unique=True)
    dated = models.DateField(null=True)

    class Meta:
        verbose_name = _("读入")
        constraints = (
            models.CheckConstraint(
                condition=~Q(state=ImportState.USED.value) | Q(disclosure__isnull=False),
                name="a_used_import_has_its_disclosure",
            ),
        )
        indexes = (
            models.Index(
                fields=["organisation", "id"],
                condition=Q(closed_at=None),
                name="imports_in_hand",
            ),
            models.Index(
                fields=["touched_at"],
                condition=Q(state=ImportState.WAITING.value),
                name="imports_waiting",
            ),
        )

    def __str__(self) -> str:
        return self.name
