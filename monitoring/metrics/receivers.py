"""What `jobs` and `knowledge` tell, counted."""

from typing import Any

from django.dispatch import receiver

from jobs import signals
from jobs.choices import TERMINAL, Status
from knowledge import signals as knowledge_signals
from monitoring.metrics.recorder import ModelCall, recorder


@receiver(signals.submitted)
def count_submitted(*, kind: str, **_: Any) -> None:
    """Count an accepted job."""
    recorder().submitted(kind)


@receiver(signals.refused)
def count_refused(*, queue: str, reason: str, **_: Any) -> None:
    """Count a submission that was not let in."""
    recorder().refused(queue, reason)


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


@receiver(knowledge_signals.source_asked)
def count_source_asked(*, source: str, outcome: str, seconds: float, **_: Any) -> None:
    """Count what came of asking a source of answers."""
    recorder().source_asked(source, str(outcome), seconds)


@receiver(knowledge_signals.model_asked)
def count_model_asked(*, sender: Any, signal: Any, **call: Any) -> None:
    """Count a call of a model."""
    recorder().model_asked(ModelCall(**call))
