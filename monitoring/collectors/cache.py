"""The shared cache: its counters are kept in Redis, the same for all processes."""

from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from knowledge.cache import health, stats

_COUNTED = {
    "hits": "Answers that the cache knew.",
    "misses": "Answers that had to be made.",
    "stale": "Old answers given because no new one could be had.",
    "evictions": "Entries that made room for others.",
    "invalidated": "Entries that were removed because what they say has changed.",
}


def read() -> Iterator[Metric]:
    """Yield events and entries by type."""
    counts = stats.snapshot()
    for event, text in _COUNTED.items():
        family = CounterMetricFamily(f"mc_ai_cache_{event}", text, labels=["cache_type"])
        for cache_type, of_type in counts.items():
            family.add_metric([cache_type], of_type[event])
        yield family
    held = GaugeMetricFamily("mc_ai_cache_entries", "Entries held in Redis.", labels=["cache_type"])
    for cache_type, number in (health.entries() or {}).items():
        held.add_metric([cache_type], number)
    yield held
