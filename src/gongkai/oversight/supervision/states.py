"""A report's kinds and its life."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from gongkai.procedure.archive import states


class ReportKind(models.TextChoices):
    """What a report is about (报告种类)."""

    GENERAL = "general", _("工作报告")
    ANSWERS = "answers", _("办理情况月报")


class ReportState(models.TextChoices):
    """Where a report stands (报告状态)."""

    DRAFT = states.DRAFT, _("起草中")
    PROPOSED = states.PROPOSED, _("等定稿")
    FINISHED = "finished", _("已定稿")
    DROPPED = states.DROPPED, _("已放弃")
