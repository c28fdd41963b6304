"""Where each item stands in the board's lists."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Shelf(models.Model):
    """A list of the board (栏架): all items, a category, a box, an entry, the wall, the register.

    ``size`` counts its places; it only grows.
    """

    name = models.CharField(max_length=120, unique=True)
    size = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = _("栏架")

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """An item's dense ordinal in one list (名次), given at public opening and kept for ever.

    Lists are paged from the oldest, so a new item changes the newest page only. ``seq`` is the
    log index and ``at`` the time of the record that opened it; both tables can be rebuilt from
    the public records.
    """

    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE, related_name="+")
    ordinal = models.BigIntegerField()
    subject = models.CharField(max_length=100)
    seq = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        verbose_name = _("名次")
        constraints = (
            models.UniqueConstraint(fields=["shelf", "ordinal"], name="a_shelf_is_dense"),
            models.UniqueConstraint(fields=["subject", "shelf"], name="an_item_stands_once"),
        )


class Kept(models.Model):
    """How an entry is kept (公开情况): the latest public row of an entry for one audience.

    ``seq`` is the log index of the record that tells it, ``audience`` its keys in order. Can be
    rebuilt from the records of coverage.
    """

    organisation = models.CharField(max_length=40)
    entry = models.CharField(max_length=20)
    audience = models.CharField(max_length=1000)
    seq = models.BigIntegerField()
    row = models.JSONField()

    class Meta:
        verbose_name = _("公开情况")
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "entry", "audience"], name="an_entry_is_told_once"
            ),
        )
        indexes = (models.Index(fields=["organisation", "seq"], name="kept_told_last"),)


class Owed(models.Model):
    """Whether an answer to a voice on the wall is still owed (待答复), and by which day.

    ``seq`` is the log index of the record that says so. Can be rebuilt from the records of voices.
    """

    subject = models.CharField(max_length=100, unique=True)
    organisation = models.CharField(max_length=40)
    seq = models.BigIntegerField()
    open = models.BooleanField()
    promised_on = models.DateField(null=True)

    class Meta:
        verbose_name = _("待答复")
        indexes = (
            models.Index(
                fields=["organisation", "promised_on", "subject"],
                condition=models.Q(open=True),
                name="voices_owed",
            ),
        )
