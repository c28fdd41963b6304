"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicationConfig(AppConfig):
    """实施公开."""

    name = "gongkai.procedure.publication"
    label = "publication"
    verbose_name = _("实施公开")
