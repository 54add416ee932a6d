"""Shapes of the requests, for the API's schema; the engines' own parameters do the validating."""

from typing import Any

from rest_framework import serializers


class JobControlSerializer(serializers.Serializer[Any]):
    """What every submission may carry."""

    callback_url = serializers.URLField(required=False, help_text="told when the job has ended")
    after = serializers.ListField(child=serializers.UUIDField(), required=False, help_text="jobs to wait for")
    deadline = serializers.JSONField(required=False, help_text="seconds from now, or an ISO 8601 time")


class ArtSerializer(JobControlSerializer):
    """A picture."""

    prompt = serializers.CharField(min_length=1, max_length=2000)
    style = serializers.CharField(default="abstract")  # type: ignore[assignment]  # a field, not DRF's own `style`
    options = serializers.JSONField(required=False)


class MusicSerializer(JobControlSerializer):
    """A piece of music."""

    prompt = serializers.CharField(min_length=1, max_length=2000)
    duration = serializers.FloatField(min_value=1, max_value=600, help_text="seconds")
    options = serializers.JSONField(required=False)


class CymaticSerializer(JobControlSerializer):
    """Patterns: of frequencies, of an audio file, or of an emotion."""

    frequencies = serializers.ListField(child=serializers.FloatField(min_value=0), required=False, help_text="Hz")
    emotion = serializers.CharField(required=False)
    file = serializers.FileField(required=False, help_text="WAV, FLAC or OGG, at most 5 minutes")
    options = serializers.JSONField(required=False)
