"""``/metrics``: what was counted, and what is read at the moment of asking, in Prometheus' text format."""

from collections.abc import Iterable, Iterator

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4, CollectorRegistry, Metric, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from monitoring.collectors import COLLECTORS, Read
from monitoring.metrics import shared

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4


def exposition() -> bytes:
    """Return the text; nothing with metrics off."""
    if not settings.MCAI_METRICS:
        return b""
    registry = CollectorRegistry()
    registry.register(_Everything())
    return generate_latest(registry)


class _Everything(Collector):
    """All families; those of a service that is away are left out, and ``mc_ai_collector_up`` says so."""

    def collect(self) -> Iterable[Metric]:
        """Yield the families."""
        yield from shared.read(settings.MCAI_METRICS_DIR)
        up = GaugeMetricFamily("mc_ai_collector_up", "Whether this group of metrics could be read.", labels=["group"])
        for name, read in COLLECTORS.items():
            families = _read(read)
            up.add_metric([name], families is not None)
            yield from families or ()
        yield up

    def describe(self) -> Iterator[Metric]:
        """Yield nothing, so that registering does not collect."""
        yield from ()


def _read(read: Read) -> list[Metric] | None:
    try:
        return list(read())
    except DatabaseError:
        connection.close()
        return None
    except (redis.RedisError, ConnectionError):
        return None
