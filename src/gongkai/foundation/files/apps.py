"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """附件."""

    name = "gongkai.foundation.files"
    label = "files"
    verbose_name = _("附件")
