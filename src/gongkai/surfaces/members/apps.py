"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    """党内公开."""

    name = "gongkai.surfaces.members"
    label = "members"
    verbose_name = _("党内公开")
