"""A shared cache of its own for each test, on the real servers; and servers that are away."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import connection
from pytest_django import Settings

from knowledge.cache import client, refresh, stats
from knowledge.cache.table_tier import database_availability

NOBODY_LISTENS = "redis://127.0.0.1:9/0"


@pytest.fixture
def own_cache(settings: Settings, tmp_path: Path) -> Iterator[str]:
    """Give the test a prefix and a folder that no other has; remove its keys at the end."""
    url = django_settings.REDIS_URL
    settings.SHARED_CACHE_PREFIX = prefix = f"test-{uuid.uuid4().hex[:8]}"
    settings.SHARED_CACHE_EXPORTS = tmp_path / "exports"
    forget()
    yield prefix
    settings.REDIS_URL = url
    forget()
    names = list(client.redis_client().scan_iter(match=f"{prefix}:*"))
    if names:
        client.redis_client().delete(*names)


@pytest.fixture
def redis_away(settings: Settings) -> Callable[[], None]:
    """Point the cache to a port where nobody listens; calling the fixture's value brings Redis back."""
    url = settings.REDIS_URL

    def back() -> None:
        settings.REDIS_URL = url
        client.reconnect()

    settings.REDIS_URL = NOBODY_LISTENS
    forget()
    return back


def forget() -> None:
    """Let the process forget its connections and what it thinks is away."""
    client.reconnect()
    database_availability.forget()
    refresh.forget_threads()
    stats.forget()


@pytest.fixture
def database_away(transactional_db: None) -> Iterator[Callable[[], None]]:
    """Give the test a switch that sends every new connection to a port where nobody listens."""
    port = connection.settings_dict["PORT"]

    def away() -> None:
        connection.close()
        connection.settings_dict["PORT"] = "9"

    yield away
    connection.close()
    connection.settings_dict["PORT"] = port
