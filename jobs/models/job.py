"""The job, its attempts and its event log."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from uuid_utils.compat import uuid7

from jobs.choices import FINISHED, Outcome, Status, Tier

_WAITING = Q(status=Status.QUEUED)
_UNDISPATCHED = _WAITING & Q(dispatched_at__isnull=True)
_RUNNING = Q(status=Status.PROCESSING)


class Job(models.Model):
    """A piece of work. This row, not the broker, is the truth; `jobs.choices` draws its states.

    ``sort_at`` orders the waiting jobs of a queue: the time of submission, put back by tier and by what the same
    owner already has waiting. ``dispatched_at`` is when its message last went to the broker. ``lease_token``
    fences every write of the worker that holds the job until ``lease_until``. ``request_id`` and ``traceparent`` are of
    the request that submitted it, for the logs of whoever works on it. ``capped`` jobs are of a kind of which only so
    many may run at once; they wait in a lane of their own (`jobs.caps`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=32)
    queue = models.CharField(max_length=32)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="jobs", db_index=False)
    tier = models.PositiveSmallIntegerField(choices=Tier.choices, default=Tier.STANDARD)
    params = models.JSONField(default=dict)
    idempotency_key = models.CharField(max_length=255, null=True)
    request_hash = models.BinaryField(max_length=32, null=True)

    progress = models.PositiveSmallIntegerField(default=0)
    stage = models.CharField(max_length=100, default="", blank=True)
    result = models.JSONField(null=True)
    error = models.JSONField(null=True)

    attempts = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=3)
    time_limit = models.PositiveIntegerField(default=300, help_text="seconds")
    lease_token = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=200, default="", blank=True)
    cancel_requested = models.BooleanField(default=False)

    available_at = models.DateTimeField()
    sort_at = models.DateTimeField()
    dispatched_at = models.DateTimeField(null=True)
    dispatches = models.PositiveSmallIntegerField(default=0)
    capped = models.BooleanField(default=False, db_default=False, editable=False)
    waiting_on = models.PositiveSmallIntegerField(default=0, help_text="unfinished jobs that this one comes after")
    deadline = models.DateTimeField(null=True)
    callback_url = models.URLField(max_length=2000, default="", blank=True)
    request_id = models.CharField(max_length=100, default="", db_default="", blank=True)
    traceparent = models.CharField(max_length=55, default="", db_default="", blank=True)

    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True, help_text="when its files and result go")

    class Meta:
        """Every index but the owner's list is partial: finished jobs, however many, cost the live ones nothing."""

        db_table = "jobs"
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["owner", "idempotency_key"],
                condition=Q(idempotency_key__isnull=False),
                name="jobs_one_per_idempotency_key",
            )
        ]
        indexes: ClassVar = [
            models.Index("queue", "sort_at", condition=_UNDISPATCHED & Q(capped=False), name="jobs_undispatched"),
            models.Index("queue", "kind", "sort_at", condition=_UNDISPATCHED & Q(capped=True), name="jobs_capped"),
            models.Index(
                "queue", "dispatched_at", condition=_WAITING & Q(dispatched_at__isnull=False), name="jobs_dispatched"
            ),
            models.Index("owner", "queue", "tier", "sort_at", condition=_WAITING, name="jobs_owner_waiting"),
            models.Index("lease_until", condition=_RUNNING, name="jobs_leases"),
            models.Index(
                "deadline",
                condition=Q(deadline__isnull=False, status__in=["queued", "processing"]),
                name="jobs_deadlines",
            ),
            models.Index("expires_at", condition=Q(status__in=sorted(FINISHED)), name="jobs_expiries"),
            models.Index("owner", F("id").desc(), name="jobs_of_owner"),
            models.Index("kind", F("finished_at").desc(), condition=Q(status=Status.COMPLETED), name="jobs_run_times"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Attempt(models.Model):
    """One try at a job: who, when, how it ended."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="attempt_log", db_index=False)
    number = models.PositiveSmallIntegerField()
    token = models.UUIDField()
    worker = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices, default=Outcome.RUNNING)
    error = models.JSONField(null=True)

    class Meta:
        """One row an attempt."""

        db_table = "job_attempts"
        ordering: ClassVar = ["number"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "number"], name="job_attempts_numbered")]

    def __str__(self) -> str:
        return f"attempt {self.number} of {self.job_id}"


class Event(models.Model):
    """What happened to a job, in order: polling, server-sent events and webhooks are fed from this one log."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="events", db_index=False)
    type = models.CharField(max_length=20)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        """Read by job, in order."""

        db_table = "job_events"
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index("job", "id", name="job_events_of_job")]

    def __str__(self) -> str:
        return f"{self.type} of {self.job_id}"


class Dependency(models.Model):
    """`job` waits until `on` is completed."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="dependencies")
    on = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="dependents")

    class Meta:
        """Each pair once."""

        db_table = "job_dependencies"
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "on"], name="job_dependencies_once")]

    def __str__(self) -> str:
        return f"{self.job_id} after {self.on_id}"
