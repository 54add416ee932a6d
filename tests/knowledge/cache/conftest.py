import pytest

from tests.knowledge.servers import llm, searxng, wikipedia
from tests.knowledge.shared_cache import database_away, own_cache, redis_away

__all__ = ["database_away", "llm", "own_cache", "redis_away", "searxng", "wikipedia"]


@pytest.fixture(autouse=True)
def isolated(own_cache: str) -> None:
    """Give each test a shared cache of its own."""
