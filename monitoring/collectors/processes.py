"""Memory and time of our processes on this machine."""

from collections import Counter
from collections.abc import Iterator

import psutil
from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from monitoring import roster


def read() -> Iterator[Metric]:
    """Yield memory and processor time; ``process`` numbers those of one role by age, 0 the oldest."""
    labels = ["worker", "process"]
    memory = GaugeMetricFamily("mc_ai_worker_memory_mb", "Resident memory in MiB.", labels=labels)
    seconds = CounterMetricFamily("mc_ai_worker_cpu_seconds", "Processor time, in seconds.", labels=labels)
    numbers: Counter[str] = Counter()
    for member in roster.members():
        try:
            with member.process.oneshot():
                resident, times = member.process.memory_info().rss, member.process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        key = [member.role, str(numbers[member.role])]
        numbers[member.role] += 1
        memory.add_metric(key, round(resident / 2**20, 1))
        seconds.add_metric(key, times.user + times.system)
    yield memory
    yield seconds
