"""Jobs that wait and run, from their rows: the indexes over live jobs make it cheap however many have ended."""

from collections.abc import Iterator

from django.conf import settings
from django.db import connection
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from jobs.backlog import longest_wait, measure
from jobs.choices import ACTIVE, Tier

# Stuck: the lease ran out a minute ago and nobody took the job back, or it runs far beyond its limit.
_LIVE = """
SELECT queue, tier, status, count(*),
    max(extract(epoch FROM clock_timestamp() - available_at)) FILTER (
        WHERE status = 'queued' AND waiting_on = 0 AND available_at <= clock_timestamp()),
    count(*) FILTER (WHERE status = 'processing' AND lease_until < clock_timestamp() - interval '1 minute')
FROM jobs WHERE status IN ('queued', 'processing') GROUP BY queue, tier, status
"""

_DELIVERIES = "SELECT count(*) FROM webhook_deliveries WHERE due_at IS NOT NULL"


def read() -> Iterator[Metric]:
    """Yield jobs in flight, the longest wait, and what is stuck."""
    with connection.cursor() as cursor:
        cursor.execute(_LIVE)
        rows = cursor.fetchall()
        cursor.execute(_DELIVERIES)
        deliveries = cursor.fetchone()[0]
    yield _in_flight({(queue, tier, status): count for queue, tier, status, count, *_ in rows})
    oldest, stuck = dict.fromkeys(settings.MCAI_QUEUES, 0.0), dict.fromkeys(settings.MCAI_QUEUES, 0)
    for queue, _, _, _, age, left in rows:
        oldest[queue] = max(oldest.get(queue, 0.0), float(age or 0))
        stuck[queue] = stuck.get(queue, 0) + left
    yield _by_queue("mc_ai_queue_oldest_seconds", "How long the oldest job that could run has waited.", oldest)
    yield _by_queue("mc_ai_jobs_stuck", "Running jobs whose lease ran out and that nobody took back.", stuck)
    yield from _backlogs()
    yield GaugeMetricFamily("mc_ai_webhooks_due", "Webhook deliveries not yet accepted.", deliveries)


def _backlogs() -> Iterator[Metric]:
    """Yield how long each queue is, in seconds; a queue of which no run time is known is left out."""
    seen = {queue: longest_wait(queue) for queue in settings.MCAI_QUEUES}
    waits = {queue: wait for queue, wait in seen.items() if wait is not None}
    seen = {queue: measure(queue).work for queue in settings.MCAI_QUEUES}
    work = {queue: seconds for queue, seconds in seen.items() if seconds is not None}
    yield _by_queue("mc_ai_queue_wait_seconds", "How long a job behind all others would wait, by run times.", waits)
    yield _by_queue("mc_ai_queue_work_seconds", "What waits and runs would take one worker child.", work)
    yield _by_queue("mc_ai_queue_longest_wait_seconds", "Longest wait let in; 0: any.", settings.MCAI_LONGEST_WAIT)


def _in_flight(counts: dict[tuple[str, int, str], int]) -> Metric:
    every = {(queue, int(tier), str(status)): 0 for queue in settings.MCAI_QUEUES for tier in Tier for status in ACTIVE}
    family = GaugeMetricFamily("mc_ai_jobs_in_flight", "Jobs not yet ended.", labels=["queue", "tier", "status"])
    for (queue, tier, status), count in (every | counts).items():
        family.add_metric([queue, Tier(tier).label, status], count)
    return family


def _by_queue(name: str, text: str, values: dict[str, float] | dict[str, int]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=["queue"])
    for queue, value in values.items():
        family.add_metric([queue], value)
    return family
