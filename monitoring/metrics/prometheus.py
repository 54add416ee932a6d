"""The recorder that Prometheus can read."""

from prometheus_client import Counter, Histogram

from monitoring.metrics.recorder import JOB_BUCKETS, REQUEST_BUCKETS

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


class Prometheus:
    """Counters and histograms, none of them in the library's global registry: `monitoring.exposition` reads files."""

    def __init__(self) -> None:
        self._requests = Counter(
            "mc_ai_requests", "Requests answered.", ["endpoint", "method", "status"], registry=None
        )
        self._request_seconds = Histogram(
            "mc_ai_request_duration_seconds",
            "Time to answer a request, by the pattern of its route.",
            ["endpoint"],
            buckets=REQUEST_BUCKETS,
            registry=None,
        )
        self._submitted = Counter("mc_ai_jobs_submitted", "Jobs accepted.", ["kind"], registry=None)
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

    def request(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        self._requests.labels(endpoint, method if method in _METHODS else "other", str(status)).inc()
        self._request_seconds.labels(endpoint).observe(seconds)

    def submitted(self, kind: str) -> None:
        """Count an accepted job."""
        self._submitted.labels(kind).inc()

    def claimed(self, kind: str, waited: float) -> None:
        """Count the seconds that a job waited for a worker."""
        self._wait.labels(kind).observe(max(0.0, waited))

    def finished(self, kind: str, status: str) -> None:
        """Count a job that reached a final state."""
        self._finished.labels(kind, status).inc()

    def ran(self, kind: str, seconds: float) -> None:
        """Count the seconds of an attempt."""
        self._run.labels(kind).observe(seconds)

    def retried(self, kind: str) -> None:
        """Count an attempt that will be followed by another."""
        self._retried.labels(kind).inc()

    def lapsed(self, requeued: int, failed: int) -> None:
        """Count jobs that lost their worker."""
        self._lost.inc(requeued + failed)
        self._recovered.inc(requeued)
