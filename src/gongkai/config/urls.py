"""All routes of the office. The board has none: its addresses are files.

A first part of an address that leads here must also stand in ``wsgi.RESERVED``.
"""

from django.contrib import admin
from django.urls import include, path

from gongkai.config.views import readyz

urlpatterns = [
    path("readyz", readyz, name="readyz"),
    path("accounts/", include("gongkai.foundation.ui.urls")),
    path("accounts/", include("allauth.urls")),
    path("say/reception/", include("gongkai.participation.meetings.urls")),
    path("say/", include("gongkai.procedure.feedback.urls")),
    path("search/", include("gongkai.surfaces.search.urls")),
    path("follow/", include("gongkai.surfaces.channels.urls")),
    path("screen/", include("gongkai.surfaces.channels.screens.urls")),
    path("members/", include("gongkai.surfaces.members.urls")),
    path("desk/posts/", include("gongkai.foundation.organisations.urls")),
    path("desk/letters/", include("gongkai.foundation.notices.urls")),
    path("desk/followers/", include("gongkai.surfaces.channels.desk_urls")),
    path("desk/paper/runs/", include("gongkai.surfaces.printing.urls")),
    path("desk/reach/", include("gongkai.surfaces.reach.urls")),
    path("desk/messages/", include("gongkai.surfaces.channels.messages_urls")),
    path("desk/paper/", include("gongkai.surfaces.channels.paper.urls")),
    path("desk/screens/", include("gongkai.surfaces.channels.screens.desk_urls")),
    path("desk/admin/", admin.site.urls),
    path("desk/", include("gongkai.surfaces.desk.urls")),
]

handler500 = "gongkai.config.views.server_error"
