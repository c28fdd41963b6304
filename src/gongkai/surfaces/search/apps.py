"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    """检索."""

    name = "gongkai.surfaces.search"
    label = "search"
    verbose_name = _("检索")
