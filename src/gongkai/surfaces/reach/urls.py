"""Routes under /desk/reach/."""

from django.urls import path

from gongkai.surfaces.reach import views

app_name = "reach"
urlpatterns = [
    path("", views.home, name="home"),
    path("i/<address:address>/", views.item, name="item"),
    path("spots/<slug:mark>/end/", views.end, name="end"),
]
