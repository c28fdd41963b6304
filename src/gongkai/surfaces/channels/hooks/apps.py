"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HooksConfig(AppConfig):
    """推送."""

    name = "gongkai.surfaces.channels.hooks"
    label = "hooks"
    verbose_name = _("推送")
