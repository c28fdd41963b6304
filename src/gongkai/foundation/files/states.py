"""How far the pages of a file are, what can stand against them, what becomes of what is kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class What(models.TextChoices):
    """In what way something is damaged (损坏的样子)."""

    MISSING = "missing", _("不见了")
    CHANGED = "changed", _("内容变了")
    ALTERED = "altered", _("数据库里的和日志不符")


class ReadingState(models.TextChoices):
    """How far (阅读页状态)."""

    WAITING = "waiting", _("还在准备")
    READY = "ready", _("可以看了")
    REFUSED = "refused", _("不能在线看")


class Trouble(models.TextChoices):
    """Why a file cannot be read online, as a sentence for whoever wants to read it."""

    LOCKED = "locked", _("这个文件设了密码，不能在线看。")
    BROKEN = "broken", _("这个文件已经损坏或者不合规范，画不出来，不能在线看。")
    LARGE = "large", _("这个文件里的图像或表格太大，不能在线看。")
    LONG = "long", _("这个文件的页数太多，超过3,000页，不能在线看。")
    HEAVY = "heavy", _("这个文件太复杂，在规定的时间里没有画完，不能在线看。")
    NO_OFFICE = "no-office", _("这种办公文件要先转换才能在线看，这里没有装转换程序。")
    UNKNOWN = "unknown", _("这种文件不能在线看。")
