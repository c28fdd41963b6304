"""How far a file that is read in has come."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ImportState(models.TextChoices):
    """Where it stands (读入状态)."""

    WAITING = "waiting", _("正在读")
    READY = "ready", pgettext_lazy("import", "读好了，等您看")
    FAILED = "failed", _("读不出文字")
    USED = "used", pgettext_lazy("import", "已用上")
    DROPPED = "dropped", pgettext_lazy("import", "没有用")


OPEN = (ImportState.WAITING, ImportState.READY, ImportState.FAILED)
"""What somebody still has to decide on."""


class Use(models.TextChoices):
    """What is to be made of a file that was read in (用法)."""

    NEW = "new", _("写成新的一件")
    APPEND = "append", _("接在草稿正文后面")
    REPLACE = "replace", _("换掉草稿的标题和正文")
    ATTACH = "attach", _("只作草稿的附件")
