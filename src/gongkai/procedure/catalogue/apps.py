"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CatalogueConfig(AppConfig):
    """公开目录."""

    name = "gongkai.procedure.catalogue"
    label = "catalogue"
    verbose_name = _("公开目录")
