"""A review's life."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewState(models.TextChoices):
    """Where a review stands (审核状态)."""

    PENDING = "pending", _("审核中")
    PASSED = "passed", _("待盖章")
    RETURNED = "returned", _("已退回")
    RECALLED = "recalled", _("提出人已收回")
    SEALED = "sealed", _("已封存")


class Decision(models.TextChoices):
    """What a reviewer decided (审核结论)."""

    PASS = "pass", _("通过")
    RETURN = "return", _("退回修改")


class Asked(models.TextChoices):
    """Where a question to another post stands (会签的状态)."""

    WAITING = "waiting", _("等意见")
    ANSWERED = "answered", _("已有意见")
    DROPPED = "dropped", _("不再等")


class Advice(models.TextChoices):
    """What a post that was asked says (会签的意见)."""

    AGREE = "agree", _("没有不同意见")
    AMEND = "amend", _("建议修改")
    OBJECT = "object", _("不同意公开")


class PriorState(models.TextChoices):
    """Where a request to the superior stands (报批的状态)."""

    WAITING = "waiting", _("等上级批准")
    APPROVED = "approved", _("上级已批准")
    REFUSED = "refused", _("上级不同意公开")
    RECALLED = "recalled", _("报批已撤回")


class WordKind(models.TextChoices):
    """What a row of the word list is for (词表的种类)."""

    LEADER = "leader", _("领导人的姓名和职务")
    SENSITIVE = "sensitive", _("慎用词")
    MISTYPED = "mistyped", _("常写错的词")


MOVES: dict[str, tuple[ReviewState, ...]] = {
    ReviewState.PENDING: (ReviewState.PASSED, ReviewState.RETURNED, ReviewState.RECALLED),
    ReviewState.PASSED: (ReviewState.SEALED, ReviewState.RETURNED, ReviewState.RECALLED),
}
