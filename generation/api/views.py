"""Submitting pictures, music and patterns."""

from rest_framework.request import Request
from rest_framework.response import Response

from generation.api.serializers import ArtSerializer, CymaticSerializer, MusicSerializer
from jobs.api.submitting import SubmitView, submit_schema


class ArtView(SubmitView):
    """``POST /api/art/generate-async``."""

    kind = "art"

    @submit_schema("art", ArtSerializer, "Have a picture made")
    def post(self, request: Request) -> Response:
        """Accept the job."""
        return super().post(request)


class MusicView(SubmitView):
    """``POST /api/music/generate-async``."""

    kind = "music"

    @submit_schema("music", MusicSerializer, "Have a piece of music made")
    def post(self, request: Request) -> Response:
        """Accept the job."""
        return super().post(request)


class CymaticView(SubmitView):
    """``POST /api/cymatic/analyze-async``."""

    kind = "cymatic"
    accepts_file = True

    @submit_schema("cymatic", CymaticSerializer, "Have a plate, membrane or dish of water show its pattern")
    def post(self, request: Request) -> Response:
        """Accept the job."""
        return super().post(request)
