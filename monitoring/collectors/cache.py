"""The shared cache: its counters are kept in Redis, the same for all processes."""

from collections.abc import Iterator
from typing import Any

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


_SAVED = {
    "saved_dollars": ("saved_cost", "Dollars that answers of the cache would have cost."),
    "saved_seconds": ("saved_seconds", "Seconds of computing that answers of the cache would have taken."),
}
_RESULTS = {"hits": "hit", "misses": "miss", "stale": "stale"}


def read() -> Iterator[Metric]:
    """Yield events and entries by type, and what each tier answered."""
    counts = stats.snapshot()
    for event, text in _COUNTED.items():
        family = CounterMetricFamily(f"mc_ai_cache_{event}", text, labels=["cache_type"])
        for cache_type, of_type in counts.items():
            family.add_metric([cache_type], of_type[event])
        yield family
    for name, (event, text) in _SAVED.items():
        family = CounterMetricFamily(f"mc_ai_cache_{name}", text, labels=["cache_type"])
        for cache_type, of_type in counts.items():
            family.add_metric([cache_type], of_type[event])
        yield family
    yield _lookups(counts)
    held = GaugeMetricFamily("mc_ai_cache_entries", "Entries held in Redis.", labels=["cache_type"])
    for cache_type, number in (health.entries() or {}).items():
        held.add_metric([cache_type], number)
    yield held


def _lookups(counts: dict[str, dict[str, Any]]) -> Metric:
    family = CounterMetricFamily(
        "mc_ai_cache_lookups", "Looks into one tier of the cache.", labels=["cache_type", "tier", "result"]
    )
    for cache_type, of_type in counts.items():
        for tier, answered in of_type["tiers"].items():
            for event, result in _RESULTS.items():
                family.add_metric([cache_type, tier, result], answered[event])
    return family
