"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class UiConfig(AppConfig):
    """界面."""

    name = "gongkai.foundation.ui"
    label = "ui"
    verbose_name = _("界面")
