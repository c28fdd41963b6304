"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """通知."""

    name = "gongkai.foundation.notices"
    label = "notices"
    verbose_name = _("通知")
