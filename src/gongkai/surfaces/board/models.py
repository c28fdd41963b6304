"""Where each item stands in the board's lists."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Place(models.Model):
    """An item's dense ordinal in one list (名次), given at public opening and kept for ever.

    Lists are paged from the oldest, so a new item changes the newest page only. ``seq`` is the
    log index of the record that opened it; the table can be rebuilt from the public records.
    """

    shelf = models.CharField(max_length=80)
    ordinal = models.BigIntegerField()
    subject = models.CharField(max_length=80)
    seq = models.BigIntegerField()

    class Meta:
        verbose_name = _("名次")
        constraints = (
            models.UniqueConstraint(fields=["shelf", "ordinal"], name="a_shelf_is_dense"),
            models.UniqueConstraint(fields=["subject", "shelf"], name="an_item_stands_once"),
        )
