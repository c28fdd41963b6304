"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SealsConfig(AppConfig):
    """数字签章."""

    name = "gongkai.foundation.seals"
    label = "seals"
    verbose_name = _("数字签章")
