"""The broker's queues, and who serves them."""

from collections.abc import Iterator

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from jobs import broker
from monitoring import presence


def read() -> Iterator[Metric]:
    """Yield queue lengths, workers, and the server's memory."""
    lengths = GaugeMetricFamily(
        "celery_queue_length",
        "Messages in the broker: of every priority, and taken but not acknowledged.",
        labels=["queue_name"],
    )
    for queue, length in broker.queue_lengths().items():
        lengths.add_metric([queue], length)
    yield lengths
    workers = GaugeMetricFamily("mc_ai_workers", "Workers that listen to the queue.", labels=["queue"])
    for queue, count in presence.workers_by_queue().items():
        workers.add_metric([queue], count)
    yield workers
    known = broker.information()
    yield GaugeMetricFamily("mc_ai_redis_memory_bytes", "Memory of the server.", known["memory_used_mb"] * 2**20)
    yield GaugeMetricFamily("mc_ai_redis_keys", "Keys in the database.", known["total_keys"])
