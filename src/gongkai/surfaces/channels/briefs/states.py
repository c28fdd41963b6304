"""A brief's life, and how much of an item it holds."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from gongkai.procedure.archive import states

CHANNEL = "brief"
"""The charter's key of the channel that briefs are."""


class BriefState(models.TextChoices):
    """Where a brief stands (简报状态)."""

    DRAFT = states.DRAFT, _("编辑中")
    PROPOSED = states.PROPOSED, _("等签发")
    SEALED = "sealed", _("已签发")
    DROPPED = states.DROPPED, _("已放弃")


class Share(models.TextChoices):
    """How much of an item stands in a brief (登多少)."""

    WHOLE = "whole", pgettext_lazy("brief", "全文")
    EXCERPT = "excerpt", pgettext_lazy("brief", "摘要")
    TOLD = "told", _("撤回说明")


PRINTED = (Share.WHOLE, Share.EXCERPT)
"""What an editor may choose; that something was taken back is told by itself."""
