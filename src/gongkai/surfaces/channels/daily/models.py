"""Up to which day each organisation's supervisors were told, and which posts want nothing."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Organisation, Post


class Told(models.Model):
    """The last civil day that an organisation's supervisors were told of (日报寄到哪天)."""

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()

    class Meta:
        verbose_name = _("日报寄到哪天")

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.day}"


class LeftOut(models.Model):
    """A post whose holder wants no daily letter (不收日报的岗位)."""

    post = models.OneToOneField(Post, on_delete=models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("不收日报的岗位")

    def __str__(self) -> str:
        return str(self.post)
