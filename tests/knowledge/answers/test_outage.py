"""A web server whose PostgreSQL and Redis go and come while clients ask."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from django.conf import settings
from django.contrib.auth.models import User

from jobs.keys import key_create
from knowledge.cache.exports.writing import write_exports
from knowledge.cache.searches import FROM_FILES, KEPT_BEFORE
from knowledge.models import CachedAnswer, Dataset, Emotion
from mcai_project.embedded.ports import free_port
from tests.conftest import Start
from tests.knowledge.proxy import Proxy
from tests.processes import answers, database_url, web_argv
from tests.waiting import PATIENCE, eventually

MOON = {"query": "How far away is the Moon?"}
SEARCH = "/api/examples/search?q=moon"


class Client:
    """Asks as one user does; who has to wait for a server that is away is not answered before the test gives up."""

    def __init__(self, url: str, key: str) -> None:
        self._http = httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=PATIENCE)

    def get(self, path: str) -> Any:
        response = self._http.get(path)
        assert response.status_code == 200, response.text
        return response.json()

    def ask(self, query: dict[str, Any]) -> Any:
        response = self._http.post("/api/knowledge/query", json=query)
        assert response.status_code == 200, response.text
        return response.json()

    def is_fresh(self, method: str, path: str, **body: Any) -> bool:
        """Return whether the answer is there and not stale; a thread whose connection broke may yet refuse one."""
        response = self._http.request(method, path, **body)
        assert response.status_code in {200, 503}, response.text
        return response.status_code == 200 and not response.json().get("stale")

    def write(self) -> httpx.Response:
        return self._http.post("/api/datasets/rotate-async", json={})


@pytest.fixture
def postgres() -> Iterator[Proxy]:
    url = urlsplit(database_url())
    proxy = Proxy(url.hostname or "", url.port or 0)
    yield proxy
    proxy.close()


@pytest.fixture
def redis() -> Iterator[Proxy]:
    url = urlsplit(settings.REDIS_URL)
    proxy = Proxy(url.hostname or "", url.port or 0)
    yield proxy
    proxy.close()


@pytest.fixture
def client(
    start_process: Start, transactional_db: None, store: Dataset, own_cache: str, postgres: Proxy, redis: Proxy
) -> Client:
    Emotion.objects.create(name="calm", neuroscience_freq=10.0, metaphysical_freq=432.0)
    row, key = key_create(owner=User.objects.create_user("erin"), name="outage")
    row.requests_per_minute = 100_000
    row.save()
    environment = {
        "DATABASE_URL": through(postgres, database_url()),
        "REDIS_URL": through(redis, settings.REDIS_URL),
        "SHARED_CACHE_PREFIX": own_cache,
        "SHARED_CACHE_EXPORTS": str(settings.SHARED_CACHE_EXPORTS),
        "SHARED_CACHE_WARM_AT_START": "off",
        "WEB_CONCURRENCY": "1",
    }
    url = f"http://127.0.0.1:{(port := free_port())}"
    start_process(web_argv(port), environment).wait_until(lambda: answers(f"{url}/livez"), "it answered")
    return Client(url, key)


def through(proxy: Proxy, url: str) -> str:
    split = urlsplit(url)
    return url.replace(f"{split.hostname}:{split.port}", f"127.0.0.1:{proxy.port}")


def test_each_tier_answers_with_the_one_above_it_down(client: Client, postgres: Proxy, redis: Proxy) -> None:
    # All is well: computed, then from Redis.
    assert [client.ask(MOON)["cached"], client.ask(MOON)["cached"]] == [False, True]
    assert [row["domain_name"] for row in client.get("/api/datasets")["results"]] == ["general"]
    found = client.get(SEARCH)["results"]
    assert [row["content"] for row in found] == ["How far away is the Moon?"]
    described = client.get("/api/datasets/general")

    # Redis ends every connection: the table answers, and nothing is computed again.
    redis.cut()
    reply = client.ask(MOON)
    assert (reply["cached"], reply["stale"]) == (True, False)
    assert client.get(SEARCH)["results"] == client.get(SEARCH)["results"] == found
    assert list(CachedAnswer.objects.filter(response__value__mode="text").values_list("query_text")) == [("moon",)]

    # It hangs instead of ending: the same, in time.
    redis.mend()
    redis.hang()
    assert client.ask(MOON)["cached"]
    redis.mend()
    eventually(lambda: client.get("/api/cache/health")["status"] == "healthy")

    # PostgreSQL goes: the cache answers, marked stale, and what it does not know the exported files do.
    write_exports()
    postgres.cut()
    reply = client.ask(MOON)
    assert (reply["cached"], reply["stale"]) == (True, True)
    reply = client.ask({"query": "What is the difference between DNA and RNA?"})
    assert (reply["source"], reply["cached"], reply["stale"]) == ("dataset", False, True)
    assert client.get("/api/datasets")["stale"]
    assert client.get("/api/emotions")["stale"]
    assert client.get("/api/datasets/general") == described | {"stale": True}
    searched = client.get(SEARCH)
    assert (searched["results"], searched["note"]) == (found, KEPT_BEFORE)
    searched = client.get("/api/examples/search?q=sad")
    assert ([row["content"] for row in searched["results"]], searched["note"]) == (
        ["Why does minor sound sad?"],
        FROM_FILES,
    )
    examples = client.get("/api/datasets/general/examples")
    assert (len(examples["results"]), examples["stale"]) == (3, True)
    # With both away a key is known for two seconds more, so this comes last.
    redis.cut()
    assert client.get(SEARCH)["note"] == FROM_FILES
    redis.mend()
    assert client.write().status_code == 503

    # It is back: answers are true again, and writes are taken.
    postgres.mend()
    eventually(lambda: client.is_fresh("POST", "/api/knowledge/query", json=MOON))
    # Each thread of the server finds out for itself that its connection broke.
    eventually(lambda: client.is_fresh("GET", "/api/datasets/general/examples"))
    eventually(lambda: client.is_fresh("GET", SEARCH))
    eventually(lambda: client.write().status_code == 202)
