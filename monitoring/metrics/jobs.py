"""Jobs, counted."""

from prometheus_client import Counter, Histogram

from monitoring.metrics.recorder import JOB_BUCKETS
from monitoring.metrics.tally import TALLY


class JobSeries:
    """Jobs from their submission to their end."""

    def __init__(self) -> None:
        super().__init__()
        self._submitted = Counter("mc_ai_jobs_submitted", "Jobs accepted.", ["kind"], registry=None)
        self._refused = Counter(
            "mc_ai_jobs_refused",
            "Submissions not let in: the queue's wait, or that behind the owner's own jobs, was too long.",
            ["queue", "reason"],
            registry=None,
        )
        self._finished = Counter(
            "mc_ai_jobs_finished", "Jobs that reached a final state.", ["kind", "status"], registry=None
        )
        self._retried = Counter(
            "mc_ai_jobs_retried", "Failed attempts that were followed by another.", ["kind"], registry=None
        )
        self._lost = Counter("mc_ai_jobs_lost", "Times that a job lost its worker.", registry=None)
        self._recovered = Counter("mc_ai_jobs_recovered", "Lost jobs that were put back in the queue.", registry=None)
        self._wait = Histogram(
            "mc_ai_job_wait_seconds",
            "Time from when a job could run to when a worker took it.",
            ["kind"],
            buckets=JOB_BUCKETS,
            registry=None,
        )
        self._run = Histogram(
            "mc_ai_job_run_seconds",
            "Time that one attempt at a job took.",
            ["kind"],
            buckets=JOB_BUCKETS,
            registry=None,
        )

    def submitted(self, kind: str) -> None:
        """Count an accepted job."""
        TALLY.inc(self._submitted.labels(kind))

    def refused(self, queue: str, reason: str) -> None:
        """Count a submission that was not let in."""
        TALLY.inc(self._refused.labels(queue, reason))

    def claimed(self, kind: str, waited: float) -> None:
        """Count the seconds that a job waited for a worker."""
        TALLY.observe(self._wait.labels(kind), max(0.0, waited))

    def finished(self, kind: str, status: str) -> None:
        """Count a job that reached a final state."""
        TALLY.inc(self._finished.labels(kind, status))

    def ran(self, kind: str, seconds: float) -> None:
        """Count the seconds of an attempt."""
        TALLY.observe(self._run.labels(kind), seconds)

    def retried(self, kind: str) -> None:
        """Count an attempt that will be followed by another."""
        TALLY.inc(self._retried.labels(kind))

    def lapsed(self, requeued: int, failed: int) -> None:
        """Count jobs that lost their worker."""
        TALLY.inc(self._lost, requeued + failed)
        TALLY.inc(self._recovered, requeued)
