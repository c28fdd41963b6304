"""The loops that were made or are wanted."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Organisation
from gongkai.surfaces.channels.television.states import UNFINISHED, LoopState


class Loop(models.Model):
    """A loop for the station (电视循环片) of an organisation; its files stand in the home folder.

    ``content`` names what it shows, item by item: where the records say something else by now, it
    is out of date and handed out no more. ``done`` of ``pages`` are in the video; ``touched_at`` is
    when the worker last went on with it. ``items`` are the addresses in it, in their order.
    ``taken_at`` is when somebody first fetched it for the station.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    content = models.CharField(max_length=64)
    items = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=LoopState.choices, default=LoopState.WAITING)
    done = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    seconds = models.PositiveIntegerField(default=0)
    wanted_at = models.DateTimeField()
    touched_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)

    class Meta:
        verbose_name = _("电视循环片")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state__in=UNFINISHED),
                name="an_organisation_makes_one_loop_at_a_time",
            ),
        )
        indexes = (models.Index(fields=["organisation", "id"], name="loops_by_organisation"),)

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.content[:12]}"
