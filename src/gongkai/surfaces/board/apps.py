"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BoardConfig(AppConfig):
    """公开栏."""

    name = "gongkai.surfaces.board"
    label = "board"
    verbose_name = _("公开栏")
