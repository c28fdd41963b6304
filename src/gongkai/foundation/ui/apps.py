"""The Django app of the interface's parts: style sheets, templates, tags."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    """Looks 界面: what every page shares, and nothing that decides."""

    name = "gongkai.foundation.ui"
    label = "ui"
