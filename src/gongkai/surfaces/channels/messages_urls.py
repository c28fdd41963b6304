"""Routes under /desk/messages/."""

from django.urls import path

from gongkai.surfaces.channels import overview
from gongkai.surfaces.channels.hooks import views as hooks
from gongkai.surfaces.channels.lists import views as lists

app_name = "messages"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("daily/", overview.choose_daily, name="daily"),
    path("hooks/new/webhook/", hooks.new_webhook, name="webhook-new"),
    path("hooks/new/messenger/", hooks.new_messenger, name="messenger-new"),
    path("hooks/<int:pk>/", hooks.hook, name="hook"),
    path("hooks/<int:pk>/<slug:verb>/", hooks.act, name="hook-act"),
    path("lists/new/", lists.new, name="list-new"),
    path("lists/<int:pk>/", lists.one, name="list"),
    path("lists/<int:pk>/change/", lists.change, name="list-change"),
    path("lists/<int:pk>/<slug:verb>/", lists.act, name="list-act"),
]
