"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScreensConfig(AppConfig):
    """电子显示屏."""

    name = "gongkai.surfaces.channels.screens"
    label = "screens"
    verbose_name = _("电子显示屏")
