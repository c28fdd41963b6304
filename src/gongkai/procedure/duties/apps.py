"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DutiesConfig(AppConfig):
    """公开任务."""

    name = "gongkai.procedure.duties"
    label = "duties"
    verbose_name = _("公开任务")

    def ready(self) -> None:
        """Know the years' holidays from the start."""
        from gongkai.procedure.duties import calendars

        calendars.notice()
