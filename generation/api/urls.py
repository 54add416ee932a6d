"""Addresses of the engines."""

from django.urls import path

from generation.api.views import ArtView, CymaticView, MusicView

urlpatterns = [
    path("art/generate-async", ArtView.as_view(), name="art-generate-async"),
    path("music/generate-async", MusicView.as_view(), name="music-generate-async"),
    path("cymatic/analyze-async", CymaticView.as_view(), name="cymatic-analyze-async"),
]
