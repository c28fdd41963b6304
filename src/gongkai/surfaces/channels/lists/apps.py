"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ListsConfig(AppConfig):
    """邮件列表."""

    name = "gongkai.surfaces.channels.lists"
    label = "lists"
    verbose_name = _("邮件列表")
