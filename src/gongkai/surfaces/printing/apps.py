"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PrintingConfig(AppConfig):
    """成批打印."""

    name = "gongkai.surfaces.printing"
    label = "printing"
    verbose_name = _("成批打印")
