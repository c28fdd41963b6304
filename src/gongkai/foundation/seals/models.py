"""Every certificate that ever sealed papers here, and every paper that was sealed."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Organisation
from gongkai.foundation.seals.states import Origin, Standing


class Authority(models.Model):
    """The installation's own authority (签发机构), which vouches for the certificates made here.

    ``certificate`` is its public part in PEM. The key stands in ``keys/``; one authority follows
    another, and those before stay.
    """

    fingerprint = models.CharField(max_length=64, unique=True)
    certificate = models.TextField()
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("签发机构")

    def __str__(self) -> str:
        return self.fingerprint[:16]


class Certificate(models.Model):
    """A certificate under which an organisation's papers are sealed (签章证书): its public part.

    It sealed from ``since`` until ``until``. What it sealed from ``revoked_from`` on is not to be
    believed. ``label`` names the key in a token. Rows are never deleted: old papers name them.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=10, choices=Origin.choices)
    fingerprint = models.CharField(max_length=64, unique=True)
    certificate = models.TextField()
    chain = models.JSONField(default=list)
    label = models.CharField(max_length=100, blank=True)
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    revoked_from = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name = _("签章证书")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(until=None),
                name="an_organisation_seals_with_one_certificate",
            ),
            models.CheckConstraint(
                condition=Q(revoked_from=None) | Q(until__isnull=False),
                name="a_revoked_certificate_seals_no_more",
            ),
        )

    def __str__(self) -> str:
        return self.fingerprint[:16]

    def standing(self, at: datetime) -> Standing:
        """How it stands at the moment ``at``."""
        if self.revoked_from is not None:
            return Standing.REVOKED
        if self.until is not None:
            return Standing.REPLACED
        return Standing.IN_USE if at < self.not_after else Standing.EXPIRED


class Sealing(models.Model):
    """One paper that was sealed (盖签章): ``of`` says which, ``digest`` names its very bytes.

    Written before the file is put in its place, so that whoever was cut off finds it. Without a
    certificate the paper was filed unsealed, and ``trouble`` says why; with one, ``trouble`` says
    why no time stamp came.
    """

    of = models.CharField(max_length=80, unique=True)
    digest = models.CharField(max_length=64, db_index=True)
    certificate = models.ForeignKey(
        Certificate, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField()
    stamped = models.BooleanField(default=False)
    trouble = models.TextField(blank=True)

    class Meta:
        verbose_name = _("盖签章")
        constraints = (
            models.CheckConstraint(
                condition=Q(certificate__isnull=False) | ~Q(trouble=""),
                name="an_unsealed_paper_has_its_reason",
            ),
        )

    def __str__(self) -> str:
        return f"{self.of} {self.digest[:12]}"
