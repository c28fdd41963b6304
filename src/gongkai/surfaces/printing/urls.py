"""Routes under /desk/paper/runs/."""

from django.urls import path

from gongkai.surfaces.printing import views

app_name = "printing"
urlpatterns = [
    path("", views.runs, name="runs"),
    path("<int:key>/", views.run, name="run"),
    path("<int:key>/sheets.pdf", views.sheets, name="sheets"),
    path("<int:key>/cancel/", views.cancel, name="cancel"),
]
