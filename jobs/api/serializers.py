"""Shapes of the API, for its schema. Validation is the kinds' own business."""

from typing import Any

from rest_framework import serializers

from jobs.choices import Status


class AcceptedSerializer(serializers.Serializer[Any]):
    """A submission that was accepted."""

    job_id = serializers.UUIDField()
    status = serializers.ChoiceField(["queued"])
    poll_url = serializers.CharField()


class FileSerializer(serializers.Serializer[Any]):
    """A file that a job made."""

    name = serializers.CharField()
    url = serializers.CharField(help_text="signed; opens without a key for a day")
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    sha256 = serializers.CharField()
    width = serializers.IntegerField(required=False, help_text="px")
    height = serializers.IntegerField(required=False, help_text="px")
    duration = serializers.FloatField(required=False, help_text="seconds")


class ErrorSerializer(serializers.Serializer[Any]):
    """Why a job ended without a result."""

    code = serializers.CharField()
    message = serializers.CharField()


class JobSerializer(serializers.Serializer[Any]):
    """A job."""

    job_id = serializers.UUIDField()
    kind = serializers.CharField()
    queue = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    progress = serializers.IntegerField(min_value=0, max_value=100)
    stage = serializers.CharField()
    result = serializers.JSONField(allow_null=True)
    error = ErrorSerializer(allow_null=True)
    attempts = serializers.IntegerField()
    created_at = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    queue_position = serializers.IntegerField(required=False)
    estimated_wait_seconds = serializers.FloatField(required=False, allow_null=True)
    cancel_requested = serializers.BooleanField(required=False)


class JobPageSerializer(serializers.Serializer[Any]):
    """A page of jobs, newest first."""

    results = JobSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="the address of the next page")


class BatchItemSerializer(serializers.Serializer[Any]):
    """One job of a batch: its kind, and the fields of that kind's own submit address."""

    kind = serializers.CharField()
    body = serializers.JSONField()


class BatchSerializer(serializers.Serializer[Any]):
    """Up to a hundred jobs; ``after`` in a body may name an earlier one of the batch by its number from 0."""

    jobs = BatchItemSerializer(many=True)


class BatchAcceptedSerializer(serializers.Serializer[Any]):
    """The accepted jobs, in the order of the batch."""

    jobs = AcceptedSerializer(many=True)
