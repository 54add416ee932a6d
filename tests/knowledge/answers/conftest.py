import pytest
from pytest_django import Settings

from knowledge.models import Dataset, Example
from tests.knowledge.servers import llm, searxng, wikipedia
from tests.knowledge.shared_cache import database_away, own_cache, redis_away

__all__ = ["database_away", "llm", "own_cache", "redis_away", "searxng", "wikipedia"]

QUESTIONS = {
    "How far away is the Moon?": "On average 384,400 kilometres, about thirty Earth diameters.",
    "Why does minor sound sad?": "Partly by habit: Western listeners learn the link from childhood.",
    "What is the difference between DNA and RNA?": "DNA is usually a double strand; RNA is usually a single one.",
}


@pytest.fixture(autouse=True)
def isolated(own_cache: str, settings: Settings) -> None:
    """Give each test a shared cache of its own, and no source that the environment may have set."""
    settings.WIKIPEDIA_URL = settings.SEARXNG_URL = settings.LLM_BASE_URL = ""
    settings.LLM_MODELS = []


@pytest.fixture
def store(db: None) -> Dataset:
    """Fill a domain with a few questions and answers."""
    dataset = Dataset.objects.create(domain_name="general")
    for content, response in QUESTIONS.items():
        Example.objects.create(dataset=dataset, content=content, response=response)
    return dataset
