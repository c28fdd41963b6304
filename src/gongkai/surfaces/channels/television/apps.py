"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TelevisionConfig(AppConfig):
    """电视."""

    name = "gongkai.surfaces.channels.television"
    label = "television"
    verbose_name = _("电视")
