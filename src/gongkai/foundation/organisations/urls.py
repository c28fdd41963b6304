"""The routes under ``/desk/posts/``."""

from django.urls import path

from gongkai.foundation.organisations import views

app_name = "organisations"
urlpatterns = [
    path("", views.posts, name="posts"),
    path("post/<slug:key>/", views.post, name="post"),
    path("post/<slug:key>/appoint/", views.appoint, name="appoint"),
    path("post/<slug:key>/end/<int:tenure>/", views.end, name="end"),
    path("absences/", views.absences, name="absences"),
    path("absences/<int:key>/back/", views.back, name="back"),
    path("members/", views.members, name="members"),
    path("members/new/", views.new_member, name="new-member"),
    path("members/import/", views.bring_in, name="import"),
    path("members/roster.xlsx", views.blank, name="blank"),
    path("member/<slug:key>/", views.member, name="member"),
    path("member/<slug:key>/account/", views.account, name="account"),
    path("member/<slug:key>/link/", views.link, name="link"),
    path("member/<slug:key>/leave/", views.leave, name="leave"),
]
