"""Routes under /search/, one for each language of the board."""

from django.urls import path

from gongkai.surfaces.search import views

app_name = "search"
urlpatterns = [
    path("", views.search, {"language": "zh-hans"}, name="zh-hans"),
    path("similar/", views.alike, {"language": "zh-hans"}, name="similar-zh-hans"),
    path("en/similar/", views.alike, {"language": "en"}, name="similar-en"),
    path("en/", views.search, {"language": "en"}, name="en"),
]
