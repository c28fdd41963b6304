"""What can have happened to what is kept."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class What(models.TextChoices):
    """In what way something is damaged (损坏的样子)."""

    MISSING = "missing", _("不见了")
    CHANGED = "changed", _("内容变了")
    ALTERED = "altered", _("数据库里的和日志不符")
