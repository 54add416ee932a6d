"""Samples: taken by beat, kept a bounded time, read as charts.

Counters are kept as they stand; a chart shows what they rose by between two samples, so that a missed sample costs
resolution and nothing else.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

import psutil
from django.conf import settings
from django.db import connection
from django.db.models.functions import Now
from django.utils import timezone

from knowledge.cache import stats as cache_stats
from monitoring import roster, totals
from monitoring.models import PerformanceMetric

_WAITING = "SELECT queue, count(*) FROM jobs WHERE status = 'queued' GROUP BY queue"

Point = tuple[float, float]
"""Seconds since 1970, value."""


@dataclass(frozen=True, slots=True)
class Chart:
    """Lines by label."""

    title: str
    unit: str
    lines: dict[str, list[Point]]


def sample() -> int:
    """Write one sample of everything, and clear what was kept long enough; return how many figures it had."""
    figures = [PerformanceMetric(name=name, value=value, labels=labels) for name, value, labels in _figures()]
    PerformanceMetric.objects.bulk_create(figures)
    PerformanceMetric.objects.filter(time__lt=Now() - timedelta(days=settings.MCAI_SAMPLE_DAYS)).delete()
    return len(figures)


def _figures() -> Iterator[tuple[str, float, dict[str, str]]]:
    requests, cache = totals.requests(), cache_stats.total(cache_stats.snapshot())
    yield "requests", requests.timed, {}
    yield "request_seconds", requests.seconds, {}
    yield "cache_hits", cache["hits"] + cache["stale"], {}
    yield "cache_asked", cache["hits"] + cache["stale"] + cache["misses"], {}
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        waiting = dict(cursor.fetchall())
    for queue in settings.MCAI_QUEUES:
        yield "queue_depth", waiting.get(queue, 0), {"queue": queue}
    for role, memory in _memory().items():
        yield "memory_mb", memory, {"worker": role}


def _memory() -> dict[str, float]:
    """Return the MiB that the largest process of each role takes."""
    largest: dict[str, float] = defaultdict(float)
    for member in roster.members():
        try:
            largest[member.role] = max(largest[member.role], member.process.memory_info().rss / 2**20)
        except psutil.NoSuchProcess:
            continue
    return largest


def charts(hours: float = 24.0) -> list[Chart]:
    """Return the charts of the last hours."""
    found = _read(hours)
    seconds, requests = found["request_seconds"][""], found["requests"][""]
    hits, asked = found["cache_hits"][""], found["cache_asked"][""]
    return [
        Chart("Mean time of an answer", "ms", {"all": _ratio(seconds, requests, 1000.0)}),
        Chart("Cache hit rate", "%", {"all": _ratio(hits, asked, 100.0)}),
        Chart("Jobs waiting", "", found["queue_depth"]),
        Chart("Memory of the largest process", "MiB", found["memory_mb"]),
    ]


def _read(hours: float) -> dict[str, dict[str, list[Point]]]:
    since = timezone.now() - timedelta(hours=hours)
    found: dict[str, dict[str, list[Point]]] = defaultdict(lambda: defaultdict(list))
    rows = PerformanceMetric.objects.filter(time__gte=since).order_by("time")
    for name, value, labels, time in rows.values_list("name", "value", "labels", "time").iterator():
        found[name][next(iter(labels.values()), "")].append((time.timestamp(), value))
    return found


def _ratio(over: list[Point], under: list[Point], scale: float) -> list[Point]:
    """Return by how much `over` rose for each 1 that `under` rose, where it rose."""
    below = dict(under)
    points = [(time, value, below[time]) for time, value in over if time in below]
    return [
        (time, (value - earlier) / (number - before) * scale)
        for (_, earlier, before), (time, value, number) in pairwise(points)
        if number > before and value >= earlier
    ]
