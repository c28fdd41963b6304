"""Routes under /say/. Their addresses stand on printed sheets: they do not change."""

from django.urls import path

from gongkai.procedure.feedback import paper, views

app_name = "say"
urlpatterns = [
    path("", views.thing, name="thing"),
    path("question/", views.question, name="question"),
    path("topics/", views.topics, name="topics"),
    path("status/", views.status, name="status"),
    path("paper/", paper.check, name="paper"),
    path("letters/<str:word>/", views.letters, name="letters"),
    path("<address:address>/", views.item, name="item"),
    path("<address:address>/problem/", views.problem, name="problem"),
]
