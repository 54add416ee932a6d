"""The durable engine beside bare Celery, RQ and minimal DRF views."""

import os

from benchmarks.jobs import arena, http, latency, scale
from benchmarks.report import Row


def run() -> list[Row]:
    """Return the figures of the engine; ``MCAI_BENCH_JOBS`` sets the size of the full table (5,000,000)."""
    with arena.arena() as place:
        os.environ.update(place.environment())
        found = latency.rows(place) + http.rows(place)  # the first wants a system with nothing else to do
        return found + scale.rows(place, int(os.environ.get("MCAI_BENCH_JOBS", "5000000")))
