"""The database."""

from collections.abc import Iterator

from django.db import connection
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from monitoring.health import migrations_applied


def read() -> Iterator[Metric]:
    """Yield size, connections, and whether the schema is that of the program."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_database_size(current_database()),"
            " (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()),"
            " current_setting('max_connections')::int"
        )
        size, connections, limit = cursor.fetchone()
    yield GaugeMetricFamily("mc_ai_database_size_bytes", "Bytes that the database takes.", size)
    yield GaugeMetricFamily("mc_ai_database_connections", "Connections to the database.", connections)
    yield GaugeMetricFamily("mc_ai_database_max_connections", "Connections that the server allows.", limit)
    yield GaugeMetricFamily("mc_ai_migrations_unapplied", "1 while migrations wait.", not migrations_applied())
