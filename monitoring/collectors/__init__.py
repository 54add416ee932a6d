"""What is read at the moment of asking: each group one function that yields metric families."""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from prometheus_client import Metric

from monitoring.collectors import broker, build, cache, database, datasets, jobs, processes, sources

Read = Callable[[], Iterable[Metric]]

COLLECTORS: Mapping[str, Read] = MappingProxyType(
    {
        "jobs": jobs.read,
        "broker": broker.read,
        "cache": cache.read,
        "sources": sources.read,
        "database": database.read,
        "datasets": datasets.read,
        "processes": processes.read,
        "build": build.read,
    }
)
