"""Requests, counted."""

from prometheus_client import Counter, Histogram

from monitoring.metrics.recorder import REQUEST_BUCKETS
from monitoring.metrics.tally import TALLY

_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})


class RequestSeries:
    """Requests answered, and their times."""

    def __init__(self) -> None:
        super().__init__()
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
        # Finding a series by its labels costs more than counting in it.
        self._answered: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def request(self, endpoint: str, method: str, status: int, seconds: float) -> None:
        """Count a request that was answered."""
        series = (endpoint, method if method in _METHODS else "other", status)
        found = self._answered.get(series)
        if found is None:
            number = self._requests.labels(*series[:2], str(status))
            found = self._answered[series] = number, self._request_seconds.labels(endpoint)
        TALLY.inc(found[0])
        TALLY.observe(found[1], seconds)
