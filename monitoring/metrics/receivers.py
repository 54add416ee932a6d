"""What `jobs` tells, counted."""

from typing import Any

from django.dispatch import receiver

from jobs import signals
from jobs.choices import TERMINAL, Status
from monitoring.metrics.recorder import recorder


@receiver(signals.submitted)
def count_submitted(*, kind: str, **_: Any) -> None:
    """Count an accepted job."""
    recorder().submitted(kind)


@receiver(signals.claimed)
def count_claimed(*, kind: str, waited: float, **_: Any) -> None:
    """Count how long a job waited."""
    recorder().claimed(kind, waited)


@receiver(signals.attempted)
def count_attempted(*, kind: str, status: Status | None, seconds: float, **_: Any) -> None:
    """Count an attempt, and what it left the job in."""
    recorder().ran(kind, seconds)
    if status in TERMINAL:
        recorder().finished(kind, str(status))
    elif status == Status.QUEUED:
        recorder().retried(kind)


@receiver(signals.closed)
def count_closed(*, kind: str, status: Status, **_: Any) -> None:
    """Count a job that ended without a worker."""
    recorder().finished(kind, str(status))


@receiver(signals.lapsed)
def count_lapsed(*, requeued: int, failed: int, **_: Any) -> None:
    """Count jobs that lost their worker."""
    recorder().lapsed(requeued, failed)
