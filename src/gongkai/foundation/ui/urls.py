"""Routes of the interface itself."""

from django.urls import path

from gongkai.foundation.ui import views

urlpatterns = [path("language/<str:code>/", views.language, name="language")]
