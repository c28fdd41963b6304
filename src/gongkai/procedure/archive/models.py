"""What has been filed."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Member, Organisation
from gongkai.procedure.archive.states import DRAFT
from gongkai.procedure.feedback.models import Answer
from gongkai.procedure.proposals.models import Disclosure


class Filing(models.Model):
    """A disclosure's 件 in the archive (归档). The keeper writes the folder after the verb.

    ``file_number`` is the 档号; ``retention`` Y, D30 or D10; ``manifest`` the digest of the
    folder's list of files, empty until written.
    """

    disclosure = models.OneToOneField(Disclosure, on_delete=models.PROTECT, related_name="+")
    file_number = models.CharField(max_length=100, unique=True)
    retention = models.CharField(max_length=10)
    title = models.CharField(max_length=300)
    year = models.PositiveIntegerField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=300)
    filed_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)
    manifest = models.CharField(max_length=64, blank=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("归档")
        indexes = (
            models.Index(
                fields=["id"], condition=Q(written_at__isnull=True), name="filings_to_write"
            ),
        )

    def __str__(self) -> str:
        return self.file_number


class Deposit(models.Model):
    """What the office made itself and keeps (入档材料): a 件 beside those of disclosures.

    ``subject`` is the ledger's name of it, under which a later step knows what it holds; that
    step writes the folder, for nothing here knows its content.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=120, unique=True)
    file_number = models.CharField(max_length=100, unique=True)
    retention = models.CharField(max_length=10)
    title = models.CharField(max_length=300)
    year = models.PositiveIntegerField()
    member = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=300)
    filed_at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)
    manifest = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("入档材料")
        indexes = (
            models.Index(
                fields=["id"], condition=Q(written_at__isnull=True), name="deposits_to_write"
            ),
        )

    def __str__(self) -> str:
        return self.file_number


class Supplement(models.Model):
    """What came after filing, added to the 件 with its date (补充材料).

    Either an ``answer``, or the key of a public ``record``, a correction or a withdrawal, or what
    was noted of its postings up to ``noted_until``.
    """

    filing = models.ForeignKey(Filing, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    answer = models.OneToOneField(Answer, null=True, on_delete=models.PROTECT, related_name="+")
    record = models.BigIntegerField(null=True, unique=True)
    noted_until = models.DateTimeField(null=True)
    at = models.DateTimeField()
    written_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("补充材料")
        constraints = (
            models.UniqueConstraint(
                fields=["filing", "number"], name="a_supplement_has_its_number"
            ),
            models.CheckConstraint(
                condition=Q(answer__isnull=False, record__isnull=True, noted_until__isnull=True)
                | Q(answer__isnull=True, record__isnull=False, noted_until__isnull=True)
                | Q(answer__isnull=True, record__isnull=True, noted_until__isnull=False),
                name="a_supplement_is_one_thing",
            ),
            models.UniqueConstraint(
                fields=["filing", "noted_until"], name="postings_are_added_once"
            ),
        )
        indexes = (
            models.Index(
                fields=["id"], condition=Q(written_at__isnull=True), name="supplements_to_write"
            ),
        )


class OfficePaper(models.Model):
    """What the office writes about its own work (机关文稿), over some days: a report, a brief.

    One person writes it and another has the last word. Until then it is read anew whenever it is
    looked at; then ``facts`` holds all it says as canonical JSON, named by ``digest``. ``authors``
    are the keys of whoever wrote, ``answer`` why it was returned last, ``deposit`` its 件.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    first = models.DateField()
    last = models.DateField()
    state = models.CharField(max_length=10, default=DRAFT)
    authors = models.JSONField(default=list)
    answer = models.TextField(blank=True)
    changed_at = models.DateTimeField()
    year = models.PositiveIntegerField(null=True)
    number = models.PositiveIntegerField(null=True)
    facts = models.BinaryField(null=True)
    digest = models.CharField(max_length=64, blank=True)
    deposit = models.OneToOneField(Deposit, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def subject(self) -> str:
        """The ledger's name of it."""
        return f"{self._meta.model_name}:{self.organisation.slug}:{self.pk}"
