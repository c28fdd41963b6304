"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BriefsConfig(AppConfig):
    """简报."""

    name = "gongkai.surfaces.channels.briefs"
    label = "briefs"
    verbose_name = _("简报")
