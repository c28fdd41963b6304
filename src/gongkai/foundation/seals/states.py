"""Where a certificate comes from, how it stands, and what may be said of a sealed paper."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    """Where a certificate and its key come from (证书来源)."""

    MADE = "made", _("本站签发")
    IMPORTED = "imported", _("外来导入")
    TOKEN = "token", _("密码设备")


class Standing(models.TextChoices):
    """How a certificate stands (证书状态)."""

    IN_USE = "in-use", _("在用")
    REPLACED = "replaced", _("已换下")
    REVOKED = "revoked", _("已作废")
    EXPIRED = "expired", _("已到期")


class Verdict(models.TextChoices):
    """What is to be said of a PDF that somebody holds (核对结论)."""

    SEALED = "sealed", _("是本站盖的，没有改动")
    CHANGED = "changed", _("盖章以后被改动过")
    EXTENDED = "extended", _("盖章以后添加过内容")
    UNFILED = "unfiled", _("本站没有盖过这一份")
    REVOKED = "revoked", _("证书作废以后盖的")
    EXPIRED = "expired", _("证书到期以后盖的")
    FOREIGN = "foreign", _("不是本站盖的")
    NONE = "none", _("没有签章")
    LOCKED = "locked", _("加了密码，看不了")
    UNREADABLE = "unreadable", _("不是 PDF")
    FAILED = "failed", _("没有核对成")
