"""The app's registration."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProposalsConfig(AppConfig):
    """提出内容."""

    name = "gongkai.procedure.proposals"
    label = "proposals"
    verbose_name = _("提出内容")
