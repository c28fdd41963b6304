"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    """领导接访日."""

    name = "gongkai.participation.meetings"
    label = "meetings"
    verbose_name = _("领导接访日")
