"""How far a run of sheets has come, and why it may have ended."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RunState(models.TextChoices):
    """Where a run stands (打印状态)."""

    WAITING = "waiting", _("正在排版")
    READY = "ready", pgettext_lazy("run", "排好了")
    FAILED = "failed", _("没有排成")
    CANCELLED = "cancelled", pgettext_lazy("run", "不印了")
    OUTDATED = "outdated", _("已经过时")


HOLDING = (RunState.WAITING, RunState.READY)
"""What has bytes on the disk."""
