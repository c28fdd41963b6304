"""Which logs this installation witnesses, and which witnesses its own log trusts."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.witness.states import Trouble


class Asked(models.Model):
    """Another installation that is asked from time to time.

    ``queued_at`` is when its turn last came, ``asked_at`` when it last answered or did not.
    ``evidence`` is the note that proves a lie; it stays until a person takes the row away.
    """

    url = models.CharField(max_length=300)
    vkey = models.CharField(max_length=400)
    size = models.BigIntegerField(default=0)
    note = models.TextField(blank=True)
    cosigned_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=20, blank=True, choices=Trouble.choices)
    troubled_at = models.DateTimeField(null=True)
    evidence = models.TextField(blank=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class WatchedLog(Asked):
    """A log that this installation witnesses (受见证的日志).

    ``size`` and ``root`` are what was cosigned last, ``note`` the cosigned checkpoint. The row is
    never deleted: who forgets could cosign another history.
    """

    origin = models.CharField(max_length=200, unique=True)
    root = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("受见证的日志")
        constraints = (
            models.CheckConstraint(
                condition=Q(size=0) | ~Q(root=""), name="a_witness_remembers_roots"
            ),
        )

    def __str__(self) -> str:
        return self.origin


class TrustedWitness(Asked):
    """A witness whose cosignatures this log shows (联署人); ``note`` is its newest one."""

    name = models.CharField(max_length=200, unique=True)

    class Meta:
        verbose_name = _("联署人")

    def __str__(self) -> str:
        return self.name


class Cosigned(models.Model):
    """When a witness first signed our log at a size (联署记录); ``note`` is ours, ``line`` its own.

    ``published`` says whether the log's files tell of it.
    """

    witness = models.ForeignKey(TrustedWitness, on_delete=models.PROTECT, related_name="+")
    size = models.BigIntegerField()
    at = models.DateTimeField()
    note = models.TextField()
    line = models.CharField(max_length=500)
    published = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("联署记录")
        constraints = (
            models.UniqueConstraint(fields=["witness", "size"], name="a_witness_is_first_once"),
        )
        indexes = (
            models.Index(fields=["size"], name="cosigned_sizes"),
            models.Index(fields=["id"], condition=Q(published=False), name="cosigned_to_publish"),
        )

    def __str__(self) -> str:
        return f"{self.witness} {self.size}"
