"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ArchiveConfig(AppConfig):
    """归档管理."""

    name = "gongkai.procedure.archive"
    label = "archive"
    verbose_name = _("归档管理")
