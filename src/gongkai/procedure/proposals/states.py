"""A draft's life."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class DraftState(models.TextChoices):
    """Where a draft stands (草稿状态)."""

    WRITING = "writing", _("起草")
    SUBMITTED = "submitted", _("已提交审核")
    RETURNED = "returned", pgettext_lazy("state", "退回修改")
    SEALED = "sealed", _("已封存")
    DROPPED = "dropped", _("已放弃")


EDITABLE = (DraftState.WRITING, DraftState.RETURNED)

MOVES: dict[str, tuple[DraftState, ...]] = {
    DraftState.WRITING: (DraftState.SUBMITTED, DraftState.DROPPED),
    DraftState.RETURNED: (DraftState.SUBMITTED, DraftState.DROPPED),
    DraftState.SUBMITTED: (DraftState.RETURNED, DraftState.WRITING, DraftState.SEALED),
}


class RevisionKind(models.TextChoices):
    """How a revision of a draft came about (修订由来)."""

    SAVED = "saved", pgettext_lazy("revision", "存草稿")
    AUTOMATIC = "automatic", _("自动保存")
    RESTORED = "restored", _("恢复旧稿")
    MASKED = "masked", _("统一遮盖")
    ASIDE = "aside", _("另存，没有用上")


class DocumentKind(models.TextChoices):
    """What sort of document it is (文种)."""

    DOCUMENT = "document", _("文件")
    MINUTES = "minutes", _("会议纪要")
    BRIEF = "brief", _("简报")
    MATERIAL = "material", _("资料")
    NOTICE = "notice", _("公示")


class RedactionState(models.TextChoices):
    """Where the covering of an attachment stands (遮盖状态)."""

    MARKING = "marking", _("正在画")
    WORKING = "working", _("正在生成")
    DONE = "done", _("已遮盖")


class RedactionReason(models.TextChoices):
    """Why a place in a text or an attachment may not be read (遮盖理由)."""

    PERSON = "person", _("个人隐私")
    MINOR = "minor", _("未成年人信息")
    TRADE = "trade", _("商业秘密")
    INTERNAL = "internal", _("内部事务信息")
    OTHER = "other", _("其他不宜公开")
