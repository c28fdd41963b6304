"""The route under ``/desk/followers/``."""

from django.urls import path

from gongkai.surfaces.channels import views

app_name = "followers"
urlpatterns = [path("", views.numbers, name="numbers")]
