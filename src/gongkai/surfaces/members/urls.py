"""Routes under /members/."""

from django.urls import path

from gongkai.surfaces.members import briefs, views

app_name = "members"
urlpatterns = [
    path("", views.listing, name="list"),
    path("search/", views.search, name="search"),
    path("coverage/", views.coverage, name="coverage"),
    path("briefs/", briefs.listing, name="briefs"),
    path("briefs/<int:seq>/", briefs.issue, name="brief"),
    path("briefs/<int:seq>/brief.pdf", briefs.paper, name="brief-paper"),
    path("briefs/<int:seq>/brief.docx", briefs.words, name="brief-word"),
    path("i/<address:address>/", views.item, name="item"),
    path("i/<address:address>/confirm/", views.confirm, name="confirm"),
    path("i/<address:address>/files/<str:filename>", views.attachment, name="file"),
    path("i/<address:address>/read/<str:filename>/", views.reader, name="read"),
    path("i/<address:address>/read/<str:filename>/<int:part>/", views.reader, name="read-part"),
    path("i/<address:address>/read/<str:filename>/<str:name>", views.piece, name="read-piece"),
    path("i/<address:address>/proof/<int:version>/", views.proved, name="proof"),
]
