"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReviewConfig(AppConfig):
    """审核确定."""

    name = "gongkai.procedure.review"
    label = "review"
    verbose_name = _("审核确定")
