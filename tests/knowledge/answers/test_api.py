import json
from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from rest_framework.test import APIClient

from jobs import keycache
from knowledge.api import remembered_keys
from knowledge.cache.exports.writing import write_exports
from knowledge.models import Dataset
from tests.knowledge import servers
from tests.knowledge.servers import Server

QUERY = "/api/knowledge/query"


def test_a_reply_says_source_citations_confidence_cache_tokens_cost_and_time(api: APIClient, store: Dataset) -> None:
    reply = api.post(QUERY, {"query": "How far is the moon?"}, format="json").json()
    assert reply["answer"].startswith("On average 384,400")
    assert (reply["source"], reply["cached"], reply["stale"], reply["cost"]) == ("dataset", False, False, 0)
    assert 0.5 <= reply["confidence"] <= 1
    assert reply["citations"][0]["domain"] == "general"
    assert reply["tokens"] == {"prompt": 0, "completion": 0, "total": 0}
    assert [s["outcome"] for s in reply["sources"]] == ["answered"] + ["not_configured"] * 3
    assert api.post(QUERY, {"query": "How far is the moon?"}, format="json").json()["cached"]


def test_a_models_tokens_and_cost_are_told(api: APIClient, llm: Server) -> None:
    reply = api.post(QUERY, {"query": "What is entropy?", "sources": ["llm"]}, format="json").json()
    assert (reply["model"], reply["tokens"]["total"], reply["cost"]) == ("small", 50, 0.05)
    again = api.post(QUERY, {"query": "What is entropy?", "sources": ["llm"]}, format="json").json()
    assert (again["tokens"]["total"], again["cost"], again["saved_cost"]) == (0, 0, 0.05)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "query"),
        ({"query": "  "}, "query"),
        ({"query": 7}, "query"),
        ({"query": "x" * 2001}, "query"),
        ({"query": "a\u0000b"}, "query"),
        ({"query": "x", "use_cache": "no"}, "use_cache"),
        ({"query": "x", "sources": []}, "sources"),
        ({"query": "x", "sources": ["dataset", "wikipdia"]}, "sources[1]"),
        ({"query": "x", "task_type": "cooking"}, "task_type"),
        ({"query": "x", "domain": "genral"}, "domain"),
        ({"query": "x", "quary": "y"}, "quary"),
    ],
)
def test_a_body_that_cannot_be_is_refused_by_field(
    api: APIClient, store: Dataset, body: dict[str, object], field: str
) -> None:
    response = api.post(QUERY, body, format="json")
    assert response.status_code == 400
    assert response.json()["errors"][0]["field"] == field


def test_a_misspelt_name_is_told_the_nearest(api: APIClient, store: Dataset) -> None:
    problem = api.post(QUERY, {"query": "x", "domain": "genral"}, format="json").json()
    assert "did you mean 'general'" in problem["detail"]


def test_nobody_is_answered_without_a_key(db: None) -> None:
    assert APIClient().post(QUERY, {"query": "x"}, format="json").status_code == 401


def test_when_no_source_can_answer_the_problem_names_each(api: APIClient, wikipedia: Server) -> None:
    wikipedia.fault = servers.sends_broken_json
    response = api.post(QUERY, {"query": "zzyzx"}, format="json")
    assert (response.status_code, response.headers["Content-Type"]) == (503, "application/problem+json")
    assert int(response.headers["Retry-After"]) > 0
    attempt = response.json()["sources"][1]
    assert (attempt["name"], attempt["outcome"]) == ("wikipedia", "failed")
    assert attempt["detail"].startswith("broken JSON")


def test_without_the_database_a_key_it_confirmed_before_still_opens_the_door(
    database_away: Callable[[], None], api: APIClient, store: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_exports()
    api.post(QUERY, {"query": "zzyzx"}, format="json")
    database_away()
    monkeypatch.setattr(keycache, "_seen", {})  # as a few seconds later
    reply = api.post(QUERY, {"query": "How far is the moon?"}, format="json")
    assert reply.status_code == 200, reply.json()
    assert (reply.json()["source"], reply.json()["stale"]) == ("dataset", True)

    stranger = APIClient(headers={"Authorization": "Bearer mcai_unknown"})
    assert stranger.post(QUERY, {"query": "x"}, format="json").status_code == 503


@pytest.fixture(autouse=True)
def nobody_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered_keys, "_confirmed", {})


@pytest.mark.django_db(transaction=True)
def test_a_reply_can_be_heard_as_it_is_written(api: APIClient, llm: Server) -> None:
    response = api.post(
        QUERY, {"query": "What is entropy?", "sources": ["llm"]}, format="json", headers={"Accept": "text/event-stream"}
    )
    assert response.headers["Content-Type"] == "text/event-stream"
    frames = b"".join(response.streaming_content).decode().strip().split("\n\n")  # type: ignore[attr-defined]
    names = [frame.splitlines()[0].removeprefix("event: ") for frame in frames]
    assert names == ["piece"] * 8 + ["answer"]
    answer = json.loads(frames[-1].splitlines()[1].removeprefix("data: "))
    assert answer["answer"] == "Entropy measures how many arrangements look the same."


# --- the cache's own addresses --------------------------------------------------------------------------------


def test_the_counters_are_told_by_type(api: APIClient, store: Dataset) -> None:
    for _ in range(4):
        api.post(QUERY, {"query": "How far is the moon?"}, format="json")
    found = api.get("/api/cache/stats").json()
    assert (found["types"]["query"]["hits"], found["types"]["query"]["misses"]) == (3, 1)
    assert found["types"]["query"]["hit_rate"] == 0.75
    assert found["types"]["query"]["entries"] == 1
    assert found["redis"]["used_memory_bytes"] > 0


def test_health_tells_of_each_tier_and_breaker(api: APIClient, db: None) -> None:
    found = api.get("/api/cache/health").json()
    assert found["status"] == "healthy"
    assert found["tiers"]["redis"]["available"]
    assert found["breakers"]["llm"]["state"] == "closed"
    assert found["spent_today"] == 0


def test_health_is_degraded_without_redis(redis_away: Callable[[], None], api: APIClient) -> None:
    found = api.get("/api/cache/health").json()
    assert (found["status"], found["tiers"]["redis"]["available"]) == ("degraded", False)
    assert api.get("/api/cache/stats").json()["redis"] is None


@pytest.mark.parametrize("address", ["/api/cache/invalidate?pattern=query:*", "/api/system/cache/invalidate"])
def test_staff_can_empty_the_cache_and_others_cannot(api: APIClient, alice: User, store: Dataset, address: str) -> None:
    api.post(QUERY, {"query": "How far is the moon?"}, format="json")
    assert api.post(address).status_code == 403
    alice.is_staff = True
    alice.save()
    response = api.post(address)
    assert response.status_code == 200, response.json()
    assert response.json()["removed"]["table"] == 1
    assert not api.post(QUERY, {"query": "How far is the moon?"}, format="json").json()["cached"]


def test_a_pattern_in_the_body_will_do_and_one_that_cannot_be_is_refused(api: APIClient, alice: User) -> None:
    alice.is_staff = True
    alice.save()
    address = "/api/system/cache/invalidate"
    assert api.post(address, {"pattern": "tutoring"}, format="json").json()["pattern"] == "tutoring"
    assert api.post(address, {"pattern": "[x"}, format="json").json()["errors"][0]["field"] == "pattern"
    assert api.post(address, {"pattern": 5}, format="json").status_code == 400
