"""Totals by day, the places where sheets hang, and what has been taken up already."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from gongkai.foundation.organisations.models import Organisation


class Calls(models.Model):
    """How often an item's page was called on a civil day (日调用数), from sheets with one mark.

    ``mark`` is empty for calls that came from no sheet. That is all there is: no row is about one
    call, and none about whoever made it.
    """

    day = models.DateField()
    address = models.CharField(max_length=10)
    mark = models.CharField(max_length=4, blank=True)
    count = models.BigIntegerField()

    class Meta:
        verbose_name = _("日调用数")
        constraints = (
            models.UniqueConstraint(fields=["address", "day", "mark"], name="one_total_a_day"),
            models.CheckConstraint(condition=Q(count__gt=0), name="a_total_counts_something"),
        )
        indexes = (models.Index(fields=["day"], name="totals_by_day"),)

    def __str__(self) -> str:
        return f"{self.day} {self.address} {self.mark} {self.count}"


class Spot(models.Model):
    """A place where sheets hang (张贴处): ``mark`` stands in the codes of the sheets for it.

    A mark is never given twice, since a sheet may hang on after its place has been given up.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=4, unique=True)
    name = models.CharField(max_length=60)
    since = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("张贴处")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "name"],
                condition=Q(ended_at=None),
                name="a_spot_has_a_name_of_its_own",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Taken(models.Model):
    """A file of the web process that has been added (已计入), lest a crash add it twice."""

    name = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class ReadLog(models.Model):
    """An access log that was read (已读日志), and how far.

    ``identity`` is a keyed digest of its first line: it stays the same when the log is renamed or
    compressed, and gives back nothing of the line.
    """

    identity = models.CharField(max_length=64, unique=True)
    read = models.BigIntegerField(default=0)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.identity[:12]
