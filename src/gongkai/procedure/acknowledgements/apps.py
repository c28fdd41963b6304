"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AcknowledgementsConfig(AppConfig):
    """阅读确认."""

    name = "gongkai.procedure.acknowledgements"
    label = "acknowledgements"
    verbose_name = _("阅读确认")
