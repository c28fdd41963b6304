"""The routes under ``/desk/letters/``."""

from django.urls import path

from gongkai.foundation.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.letters, name="letters"),
    path("<int:pk>/set-aside/", views.set_aside, name="set-aside"),
]
