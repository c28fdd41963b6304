"""Routes under /screen/. A display keeps its address for years: they do not change."""

from django.urls import path, re_path

from gongkai.foundation.core.identifiers import ALPHABET
from gongkai.surfaces.channels.screens import display

app_name = "screen"
urlpatterns = [
    path("", display.page, name="page"),
    path("worker.js", display.worker, name="worker"),
    path("ask", display.ask, name="ask"),
    path("claim", display.claim, name="claim"),
    path("report", display.report, name="report"),
    re_path(rf"^(?P<code>[{ALPHABET}]{{8}})$", display.page, name="screen"),
]
