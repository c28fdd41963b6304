"""Routes under /desk/paper/."""

from django.urls import path

from gongkai.surfaces.channels.paper import views

app_name = "paper"
urlpatterns = [
    path("", views.wall, name="wall"),
    path("checklist.pdf", views.checklist, name="checklist"),
    path("i/<address:address>/document.pdf", views.document, name="document"),
    path("i/<address:address>/<slug:size>.pdf", views.sheet, name="sheet"),
]
