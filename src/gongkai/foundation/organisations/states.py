"""The rights that a charter binds to posts, and why a holder is away."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Right(models.TextChoices):
    """What the holder of a post may do on the desk (权限).

    Review is not here: the charter's stages name the posts that review.
    """

    PROPOSE = "propose", _("提出内容")
    PUBLISH = "publish", _("安排公开")
    ASSIGN = "assign", _("分办意见")
    ANSWER = "answer", _("答复意见")
    APPROVE = "approve", _("审定答复")
    FILE = "file", _("归档")
    WITHDRAW = "withdraw", _("撤回")
    ERASE = "erase", _("清除")
    ADMINISTER = "administer", _("管理岗位和账号")
    SUPERVISE = "supervise", _("监督检查")


class AbsenceKind(models.TextChoices):
    """Why a holder is away (外出事由). Illness is a leave: it is nobody's business here."""

    TRIP = "trip", _("出差")
    STUDY = "study", _("学习培训")
    LEAVE = "leave", _("休假")
    OTHER = "other", _("其他")
