"""The lists of an office."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Organisation
from gongkai.surfaces.board import shelves
from gongkai.surfaces.channels.states import Pace

FAMILY = "list"
"""By this first part of its name a list is known among what can be followed."""


class MailingList(models.Model):
    """A list that the office keeps (邮件列表): what it is for, of which categories, how often.

    ``categories`` are codes, none for all. Who is on it stands among the followers, under
    :attr:`what`.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=60)
    purpose = models.CharField(max_length=200)
    pace = models.CharField(max_length=4, choices=Pace)
    categories = models.JSONField(default=list)
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("邮件列表")
        constraints = (
            models.UniqueConstraint(fields=["organisation", "name"], name="lists_have_names"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def what(self) -> str:
        """Its name among what can be followed: ``list:qingxi:3``."""
        return shelves.name(FAMILY, self.organisation.slug, str(self.pk))
