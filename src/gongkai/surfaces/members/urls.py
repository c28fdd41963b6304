"""Routes under /members/."""

from django.urls import path

import gongkai.procedure.feedback.urls  # noqa: F401, registers the converter "address"
from gongkai.surfaces.members import views

app_name = "members"
urlpatterns = [
    path("", views.listing, name="list"),
    path("search/", views.search, name="search"),
    path("i/<address:address>/", views.item, name="item"),
    path("i/<address:address>/files/<str:filename>", views.attachment, name="file"),
    path("i/<address:address>/proof/<int:version>/", views.proved, name="proof"),
]
