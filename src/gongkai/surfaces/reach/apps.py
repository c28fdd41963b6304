"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReachConfig(AppConfig):
    """阅读量."""

    name = "gongkai.surfaces.reach"
    label = "reach"
    verbose_name = _("阅读量")
