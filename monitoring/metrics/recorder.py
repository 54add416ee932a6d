"""Where events are counted."""

from dataclasses import dataclass
from functools import cache
from typing import Protocol

from django.conf import settings

REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
JOB_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 900.0, 3600.0)


MODEL_BUCKETS = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
TOKEN_BUCKETS = tuple(4.0**power for power in range(14))
"""Both as OpenTelemetry's conventions for generative AI have them."""


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One call of a model; tokens are None where nobody counted them, ``error`` is one word of few, or None."""

    operation: str
    model: str
    seconds: float
    error: str | None
    input_tokens: int | None
    output_tokens: int | None
    dollars: float


class Recorder(Protocol):
    """What can be counted. No argument may be an id of anything: each distinct value is a series for ever."""

    def request(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered; ``endpoint`` is the pattern of its route."""

    def submitted(self, kind: str) -> None:
        """Count an accepted job."""

    def refused(self, queue: str, reason: str) -> None:
        """Count a submission that was not let in."""

    def claimed(self, kind: str, waited: float) -> None:
        """Count the seconds that a job waited for a worker."""

    def finished(self, kind: str, status: str) -> None:
        """Count a job that reached a final state."""

    def ran(self, kind: str, seconds: float) -> None:
        """Count the seconds of an attempt."""

    def retried(self, kind: str) -> None:
        """Count an attempt that will be followed by another."""

    def lapsed(self, requeued: int, failed: int) -> None:
        """Count jobs that lost their worker: put back, or failed after the last attempt."""

    def source_asked(self, source: str, outcome: str, seconds: float) -> None:
        """Count what came of asking a source of answers."""

    def model_asked(self, call: ModelCall) -> None:
        """Count a call of a model."""


class Nothing:
    """The recorder of a process that shall not count."""

    def request(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Forget it."""

    def submitted(self, kind: str) -> None:
        """Forget it."""

    def refused(self, queue: str, reason: str) -> None:
        """Forget it."""

    def claimed(self, kind: str, waited: float) -> None:
        """Forget it."""

    def finished(self, kind: str, status: str) -> None:
        """Forget it."""

    def ran(self, kind: str, seconds: float) -> None:
        """Forget it."""

    def retried(self, kind: str) -> None:
        """Forget it."""

    def lapsed(self, requeued: int, failed: int) -> None:
        """Forget it."""

    def source_asked(self, source: str, outcome: str, seconds: float) -> None:
        """Forget it."""

    def model_asked(self, call: ModelCall) -> None:
        """Forget it."""


@cache
def recorder() -> Recorder:
    """Return this process's recorder."""
    if not settings.MCAI_METRICS:
        return Nothing()
    from monitoring.metrics import shared  # here: a process that never counts need not load the library
    from monitoring.metrics.prometheus import Prometheus

    shared.enable(settings.MCAI_METRICS_DIR)
    return Prometheus()
