"""How a display lays out what it shows, and what the desk says of its health."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Layout(models.TextChoices):
    """How a display uses its panel (版式)."""

    FULL = "full", _("整屏")
    TICKER = "ticker", _("整屏，下面滚动标语和公示")
    KIOSK = "kiosk", _("触摸屏，没有人用时轮播")


class Health(models.TextChoices):
    """What is known of a display (联机情况)."""

    LIVE = "live", pgettext_lazy("screen", "联机")
    LATE = "late", pgettext_lazy("screen", "没有联机")
    NEVER = "never", pgettext_lazy("screen", "还没有联机")
    REVOKED = "revoked", pgettext_lazy("screen", "已停用")


LISTED = (Health.LIVE, Health.LATE, Health.NEVER)
"""The states that the list of displays in use can be narrowed to."""
