"""Routes under /say/reception/. Their addresses stand on printed sheets: they do not change."""

from django.urls import path

from gongkai.participation.meetings import views

app_name = "reception"
urlpatterns = [
    path("", views.days, name="days"),
    path("status/", views.status, name="status"),
    path("of/<slug:slug>/", views.days, name="days-of"),
    path("<address:key>/", views.book, name="book"),
]
