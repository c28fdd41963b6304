"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeskConfig(AppConfig):
    """办公台."""

    name = "gongkai.surfaces.desk"
    label = "desk"
    verbose_name = _("办公台")
