"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LedgerConfig(AppConfig):
    """台账."""

    name = "gongkai.foundation.ledger"
    label = "ledger"
    verbose_name = _("台账")
