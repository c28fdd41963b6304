"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImportsConfig(AppConfig):
    """读入文件."""

    name = "gongkai.procedure.imports"
    label = "imports"
    verbose_name = _("读入文件")
