"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrganisationsConfig(AppConfig):
    """组织与职责."""

    name = "gongkai.foundation.organisations"
    label = "organisations"
    verbose_name = _("组织与职责")
