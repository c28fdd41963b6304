"""A loop's life."""

from django.db import models
from django.utils.translation import gettext_lazy as _

CHANNEL = "television"
"""The charter's key of the channel."""


class LoopState(models.TextChoices):
    """Where a loop stands (循环片状态)."""

    WAITING = "waiting", _("等着制作")
    MAKING = "making", _("正在制作")
    READY = "ready", _("做好了")
    FAILED = "failed", _("没有做成")
    STOPPED = "stopped", _("已停止")


UNFINISHED = (LoopState.WAITING, LoopState.MAKING)
"""States in which the worker still has something to do."""
