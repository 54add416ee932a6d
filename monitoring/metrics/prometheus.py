"""The recorder that Prometheus can read."""

from monitoring.metrics.jobs import JobSeries
from monitoring.metrics.requests import RequestSeries
from monitoring.metrics.sources import SourceSeries


class Prometheus(RequestSeries, JobSeries, SourceSeries):
    """Counters and histograms, none of them in the library's global registry: `monitoring.exposition` reads files."""
