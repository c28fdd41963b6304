"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    """监督检查."""

    name = "gongkai.oversight.supervision"
    label = "supervision"
    verbose_name = _("监督检查")
