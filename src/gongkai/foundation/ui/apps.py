"""The Django app of the interface's parts: style sheets, templates, tags, parts of routes."""

from django.apps import AppConfig
from django.urls import register_converter

from gongkai.foundation.ui.converters import Address


class UiConfig(AppConfig):
    """Looks 界面: what every page shares, and nothing that decides."""

    name = "gongkai.foundation.ui"
    label = "ui"

    def ready(self) -> None:
        """Let every app's routes say ``<address:…>``."""
        register_converter(Address, "address")
