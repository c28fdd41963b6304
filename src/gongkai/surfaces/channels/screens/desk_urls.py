"""Routes under /desk/screens/."""

from django.urls import path

from gongkai.surfaces.channels.screens import views

app_name = "screens"
urlpatterns = [
    path("", views.listed, name="list"),
    path("pair/", views.pair, name="pair"),
    path("interrupt/", views.interrupt, name="interrupt"),
    path("resume/", views.resume, name="resume"),
    path("playlists/new/", views.playlist, name="new-playlist"),
    path("playlists/<int:key>/", views.playlist, name="playlist"),
    path("playlists/<int:key>/drop/", views.drop, name="drop"),
    path("<slug:code>/", views.screen, name="screen"),
    path("<slug:code>/revoke/", views.revoke, name="revoke"),
]
