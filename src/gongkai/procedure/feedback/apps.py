"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedbackConfig(AppConfig):
    """处理反馈."""

    name = "gongkai.procedure.feedback"
    label = "feedback"
    verbose_name = _("处理反馈")
