"""Runs of sheets: what is to be printed, and how far the worker is."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Organisation
from gongkai.surfaces.printing.states import RunState


class Run(models.Model):
    """Sheets for the wall in one PDF (成批打印), from being asked for until their day is over.

    ``wanted`` are the addresses in their order; ``done`` how many of them are set, ``left_out``
    those that could not be, each with its reason. ``folder`` names where its bytes stand. ``seq``
    is the length of the log when it was asked for: what it shows is as of then or later. ``mark``
    is what the QR codes say of the place where the sheets hang.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    post = models.CharField(max_length=300)
    what = models.CharField(max_length=100)
    size = models.CharField(max_length=2)
    mark = models.CharField(max_length=4)
    wanted = models.JSONField()
    done = models.IntegerField(default=0)
    left_out = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING.value)
    folder = models.CharField(max_length=16, unique=True)
    seq = models.BigIntegerField()
    pages = models.IntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    touched_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("成批打印")
        indexes = (
            models.Index(fields=["organisation", "-id"], name="runs_of_an_organisation"),
            models.Index(
                fields=["touched_at"],
                condition=Q(state=RunState.WAITING.value),
                name="runs_waiting",
            ),
        )

    def __str__(self) -> str:
        return self.what
