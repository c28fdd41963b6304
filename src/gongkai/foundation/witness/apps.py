"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WitnessConfig(AppConfig):
    """见证."""

    name = "gongkai.foundation.witness"
    label = "witness"
    verbose_name = _("见证")
