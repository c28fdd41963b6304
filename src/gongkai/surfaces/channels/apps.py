"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    """渠道."""

    name = "gongkai.surfaces.channels"
    label = "channels"
    verbose_name = _("渠道")
