"""What was done, and what may be shown: private acts and public records."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Act(models.Model):
    """Who did what to what, and when (操作记录); the audit trail. Holds no personal text.

    Each act is one entry of the office log; ``seq`` is its index there, given by the keeper.
    ``words`` commits, by ``salt``, to what an erasure may take: the label and the words in the
    facts. An erased act has lost them and the salt; everything else of it stays verifiable.
    """

    at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    organisation = models.CharField(max_length=40)
    actor = models.CharField(max_length=80)
    actor_label = models.CharField(max_length=200)
    subject = models.CharField(max_length=80)
    subject_label = models.CharField(max_length=300)
    facts = models.JSONField(default=dict)
    outcome = models.CharField(max_length=40, blank=True, default="")
    request = models.CharField(max_length=40, blank=True)
    salt = models.BinaryField(max_length=32, default=b"")
    words = models.CharField(max_length=64, blank=True, default="")
    seq = models.BigIntegerField(null=True, unique=True)

    class Meta:
        verbose_name = _("操作记录")
        indexes = (
            models.Index(fields=["subject", "id"], name="acts_of_a_subject"),
            # The auditor's filters; each leads to a range in the order of time.
            models.Index(fields=["organisation", "at", "id"], name="acts_by_time"),
            models.Index(fields=["organisation", "actor_label", "at", "id"], name="acts_by_post"),
            models.Index(fields=["organisation", "actor", "at", "id"], name="acts_by_member"),
            models.Index(fields=["organisation", "verb", "at", "id"], name="acts_by_verb"),
            models.Index(fields=["organisation", "subject", "at", "id"], name="acts_by_subject"),
            models.Index(fields=["organisation", "outcome", "at", "id"], name="acts_by_outcome"),
            models.Index(fields=["id"], condition=Q(seq__isnull=True), name="acts_unordered"),
        )

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class PublicRecord(models.Model):
    """What any surface may render (公开记录): final bytes, written inside the verb's transaction.

    Each record is one entry of the transparency log; ``seq`` is its index there, given by the
    keeper. The salted commitment in ``entry`` covers subject, version, organisation, audience and
    ``digest``; the salt is shown with the item.
    """

    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=80)
    version = models.PositiveIntegerField()
    organisation = models.CharField(max_length=40)
    audience = models.JSONField()
    body = models.TextField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    salt = models.BinaryField(max_length=32)
    entry = models.BinaryField(max_length=65535)
    seq = models.BigIntegerField(null=True, unique=True)
    closed_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("公开记录")
        constraints = (
            models.UniqueConstraint(
                fields=["kind", "subject", "version"], name="a_record_has_one_version_of_its_kind"
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(closed_at__isnull=False),
                name="only_a_closed_record_is_removed",
            ),
        )
        indexes = (
            models.Index(fields=["subject", "seq"], name="records_of_a_subject"),
            models.Index(fields=["kind", "organisation", "seq"], name="records_of_a_kind"),
            models.Index(fields=["id"], condition=Q(seq__isnull=True), name="records_unordered"),
            models.Index(
                fields=["id"],
                condition=Q(closed_at__isnull=False, removed_at__isnull=True),
                name="records_to_remove",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} v{self.version}"


class AudienceKey(models.Model):
    """One audience key of one record, so that a reader's keys select records by index."""

    record = models.ForeignKey(PublicRecord, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key", "record"], name="a_record_has_a_key_once"),
        )


PUBLIC_LOG, OFFICE_LOG = "public", "office"
"""The two logs of an installation, by the names of their heads."""


class Head(models.Model):
    """How far a log has come; a row for each of the two.

    ``size`` and ``root`` cover what is ordered, ``signed_size`` what is signed and ``exposed_size``
    what readers may see. A record is open when its ``seq`` lies below the public ``exposed_size``.
    ``verified_size`` is how many entries the last check of the whole log covered, and
    ``verified_faults`` how many things it found wrong.
    """

    name = models.CharField(max_length=20, unique=True, default=PUBLIC_LOG)
    size = models.BigIntegerField(default=0)
    root = models.CharField(max_length=64)
    frontier = models.JSONField()
    signed_size = models.BigIntegerField(default=0)
    note = models.TextField(blank=True)
    exposed_size = models.BigIntegerField(default=0)
    exposed_at = models.DateTimeField(null=True)
    verified_size = models.BigIntegerField(default=0)
    verified_at = models.DateTimeField(null=True)
    verified_faults = models.IntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(exposed_size__lte=models.F("signed_size"))
                & Q(signed_size__lte=models.F("size")),
                name="ordered_before_signed_before_exposed",
            ),
        )


class Handover(models.Model):
    """The checkpoint under which a change of keys first stood (换密钥时的检查点).

    It carries the signatures that lead from one key to the next, and later checkpoints do not.
    """

    log = models.CharField(max_length=20)
    seq = models.BigIntegerField()
    note = models.TextField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["log", "seq"], name="a_change_of_keys_has_one_note"),
        )


class Lease(models.Model):
    """Who is keeper; a single row with primary key 1. A stale keeper's epoch no longer matches."""

    holder = models.CharField(max_length=80)
    epoch = models.BigIntegerField(default=0)
    until = models.DateTimeField()


class Cursor(models.Model):
    """How far a follower of the log has come: the first ``seq`` it has not yet done."""

    name = models.CharField(max_length=40, unique=True)
    seq = models.BigIntegerField(default=0)


class Counter(models.Model):
    """A dense sequence of human numbers, such as the seal numbers of an organisation's year."""

    name = models.CharField(max_length=120, unique=True)
    value = models.BigIntegerField(default=0)
