"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DailyConfig(AppConfig):
    """监督日报."""

    name = "gongkai.surfaces.channels.daily"
    label = "daily"
    verbose_name = _("监督日报")
