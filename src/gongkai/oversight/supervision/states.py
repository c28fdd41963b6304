"""A report's kinds and its life."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReportKind(models.TextChoices):
    """What a report is about (报告种类)."""

    GENERAL = "general", _("工作报告")
    ANSWERS = "answers", _("办理情况月报")


class ReportState(models.TextChoices):
    """Where a report stands (报告状态)."""

    DRAFT = "draft", _("起草中")
    PROPOSED = "proposed", _("等定稿")
    FINISHED = "finished", _("已定稿")
    DROPPED = "dropped", _("已放弃")


UNFINISHED = (ReportState.DRAFT, ReportState.PROPOSED)
"""States in which a report still waits for somebody."""
