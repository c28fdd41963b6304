"""Routes under /follow/. Their addresses stand in letters: they do not change."""

from django.urls import path

from gongkai.surfaces.channels import views

app_name = "follow"
urlpatterns = [
    path("", views.ask, name="ask"),
    path("confirm/<str:token>/", views.confirm, name="confirm"),
    path("leave/<str:token>/", views.leave, name="leave"),
]
