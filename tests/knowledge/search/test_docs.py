"""Every example of the search's and the answers' pages, and of the API's page, runs against a live server."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest
from django.conf import settings
from django.contrib.auth.models import User

from jobs.keys import key_create
from knowledge.embedders.embedding import embed_pending
from knowledge.fixtures import fixtures_load
from mcai_project.embedded.ports import free_port
from tests.conftest import Start
from tests.knowledge.shared_cache import own_cache
from tests.processes import answers, web_argv
from tests.waiting import PATIENCE

__all__ = ["own_cache"]

SEARCH, QUERY = "/api/examples/search", "/api/knowledge/query"


def page(name: str) -> str:
    return (settings.BASE_DIR / "docs" / name).read_text()


def blocks(kind: str, name: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```", page(name), re.MULTILINE | re.DOTALL)


@pytest.fixture
def live(start_process: Start, transactional_db: None, own_cache: str) -> Iterator[httpx.Client]:
    """Start a server on the demo domains, their vectors made."""
    fixtures_load(settings.BASE_DIR / "fixtures")
    embed_pending()
    row, key = key_create(owner=User.objects.create_user("reader"), name="docs")
    row.requests_per_minute = 100_000
    row.save()
    environment = {
        "SHARED_CACHE_PREFIX": own_cache,
        "SHARED_CACHE_EXPORTS": str(settings.SHARED_CACHE_EXPORTS),
        "SHARED_CACHE_WARM_AT_START": "off",
        "WEB_CONCURRENCY": "1",
        **dict.fromkeys(("WIKIPEDIA_URL", "SEARXNG_URL", "LLM_BASE_URL"), ""),
    }
    url = f"http://127.0.0.1:{(port := free_port())}"
    start_process(web_argv(port), environment).wait_until(lambda: answers(f"{url}/livez"), "it answered")
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=PATIENCE) as client:
        yield client


def body_of(response: httpx.Response) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def test_the_examples_of_the_pages_and_of_the_schema_run(live: httpx.Client) -> None:
    the_searches_of_the_page(live)
    the_questions_of_the_page(live)
    schema = live.get("/api/schema", params={"format": "json"}).json()["paths"]
    the_searches_of_the_schema(live, schema[SEARCH]["get"])
    the_questions_of_the_schema(live, schema[QUERY]["post"])


def the_searches_of_the_page(live: httpx.Client) -> None:
    first, *others = [line.removeprefix("GET ") for block in blocks("http", "search.md") for line in block.splitlines()]
    shown, told = json.loads(blocks("json", "search.md")[0]), body_of(live.get(first))
    assert set(told) == set(shown)
    assert told["mode"] == shown["mode"]
    assert told["results"][0]["content"] == shown["results"][0]["content"]
    assert same_shape(told["results"][0], shown["results"][0])
    assert told["next"].startswith(first)
    assert body_of(live.get(told["next"]))["results"][0]["id"] != told["results"][0]["id"]
    *found, misspelt = [body_of(live.get(each)) for each in others]
    assert len(found) == 3
    assert all(each["results"] for each in found)
    assert (misspelt["results"], misspelt["suggestion"]) == ([], "harmony")


def the_questions_of_the_page(live: httpx.Client) -> None:
    for block in blocks("http", "answers.md"):
        line, body = block.strip().split("\n\n")
        reply = body_of(live.post(line.removeprefix("POST "), json=json.loads(body)))
        assert (reply["source"], reply["stale"]) == ("dataset", False)


def the_searches_of_the_schema(live: httpx.Client, operation: dict[str, Any]) -> None:
    given = {p["name"]: [e["value"] for e in p.get("examples", {}).values()] for p in operation["parameters"]}
    (q,) = given.pop("q")
    assert body_of(live.get(SEARCH, params={"q": q}))["results"]
    tried = [body_of(live.get(SEARCH, params={"q": q, name: value})) for name, each in given.items() for value in each]
    assert len(tried) == len(given) - 1  # all but the cursor, which no page can know
    found, misspelt = examples_of(operation["responses"]["200"])
    told = body_of(live.get(SEARCH, params={"q": "minor sound sad"}))
    assert set(found) == set(misspelt) == set(told)
    assert same_shape(told["results"][0], found["results"][0])
    assert found["results"][0]["content"] in [each["content"] for each in told["results"]]


def the_questions_of_the_schema(live: httpx.Client, operation: dict[str, Any]) -> None:
    asked = examples_of(operation["requestBody"])
    replies = [body_of(live.post(QUERY, json=each)) for each in asked]
    assert len(replies) == 2
    assert all(reply["source"] == "dataset" for reply in replies)
    (shown,) = examples_of(operation["responses"]["200"])
    assert same_shape(replies[0], shown)
    assert shown["query"] == replies[0]["query"]


def examples_of(part: dict[str, Any]) -> list[Any]:
    return [each["value"] for each in part["content"]["application/json"]["examples"].values()]


def same_shape(one: dict[str, Any], other: dict[str, Any]) -> bool:
    kinds: Callable[[dict[str, Any]], dict[str, type]] = lambda each: {k: type(v) for k, v in each.items()}  # noqa: E731
    return kinds(one) == kinds(other)
