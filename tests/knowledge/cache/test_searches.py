"""A search is computed once, and goes on when Redis, or PostgreSQL, or both are away."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from jobs import keycache
from jobs.keys import key_revoke
from jobs.models import ApiKey
from knowledge.api import remembered_keys
from knowledge.cache import searches, stats
from knowledge.cache.exports import searching
from knowledge.cache.exports.writing import write_exports
from knowledge.embedders.embedding import embed_pending
from knowledge.models import CachedAnswer, Dataset, Emotion, Example
from knowledge.search.searching import search
from tests.knowledge.search.store import keep

pytestmark = pytest.mark.django_db
Away = Callable[[], None]


@pytest.fixture
def bells(db: None) -> None:
    Emotion.objects.create(name="calmness", neuroscience_freq=8, metaphysical_freq=432)
    keep("Why do bells ring? They swing.", domain="acoustics", metadata={"emotions": ["calmness"], "frequency": 440})
    keep("A bell of bronze <b>", domain="acoustics", created_at=datetime(2026, 1, 1, tzinfo=UTC))
    keep("Bells, bells, bells", domain="poetry", response="Edgar Allan Poe")
    keep("A rose is a rose", domain="poetry")
    write_exports()


@pytest.fixture(autouse=True)
def searched(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Count how often the database is really searched."""
    monkeypatch.setattr(remembered_keys, "_confirmed", {})
    asked: list[Any] = []
    monkeypatch.setattr(searches, "search", lambda each: asked.append(each) or search(each))
    return asked


@pytest.fixture
def find(api: APIClient) -> Callable[..., dict[str, Any]]:
    def ask(q: str = "bell", **more: Any) -> dict[str, Any]:
        response = api.get(f"/api/examples/search?{urlencode({'q': q, **more})}")
        assert response.status_code == 200, response.json()
        body: dict[str, Any] = response.json()
        return body

    return ask


Find = Callable[..., dict[str, Any]]


def names(body: dict[str, Any]) -> list[str]:
    return [each["content"] for each in body["results"]]


def test_the_same_search_again_is_answered_from_the_cache(find: Find, bells: None, searched: list[Any]) -> None:
    first = find()
    with CaptureQueriesContext(connection) as queries:
        assert find() == first
    assert len(searched) == 1
    assert not any("search_vector" in query["sql"] for query in queries)
    assert stats.snapshot()["search"]["hits"] == 1
    assert "stale" not in first


@pytest.mark.parametrize(
    "other",
    [
        {"q": "bells ring"}, {"mode": "hybrid"}, {"domain": "poetry"}, {"from": "2026-01-02"}, {"to": "2026-01-02"},
        {"emotion": "calmness"}, {"min_frequency": 1}, {"max_frequency": 500}, {"limit": 1}, {"archived": "true"},
    ],
)  # fmt: skip
def test_any_other_search_is_another(find: Find, bells: None, searched: list[Any], other: dict[str, Any]) -> None:
    find()
    find(**other)
    assert len(searched) == 2


def test_a_change_is_never_answered_from_before_it(find: Find, bells: None) -> None:
    find("gong")
    keep("a gong", domain="acoustics")
    assert names(find("gong")) == ["a gong"]
    Example.objects.filter(content="a gong").delete()
    assert names(find("gong")) == []


def test_a_change_elsewhere_leaves_a_domains_searches(find: Find, bells: None, searched: list[Any]) -> None:
    find(domain="acoustics")
    keep("another bell", domain="poetry")
    find(domain="acoustics")
    assert len(searched) == 1


def test_a_tuned_emotion_is_found_by_its_new_frequency(find: Find, bells: None) -> None:
    assert names(find(min_frequency=500)) == []
    Emotion.objects.update(metaphysical_freq=528)
    assert names(find(min_frequency=500)) == ["Why do bells ring? They swing."]


def test_what_waits_for_vectors_is_not_kept(find: Find, bells: None, searched: list[Any]) -> None:
    assert find(mode="semantic")["mode"] == "text"
    embed_pending()
    assert find(mode="semantic")["mode"] == "semantic"
    keep("an unembedded bell", domain="acoustics")
    find(mode="semantic")
    find(mode="semantic")
    assert len(searched) == 4
    embed_pending()
    find(mode="semantic")
    find(mode="semantic")
    assert len(searched) == 5


# --- Redis away -----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("redis_away")
def test_without_redis_the_table_answers(find: Find, bells: None, searched: list[Any]) -> None:
    first = find()
    assert CachedAnswer.objects.get().query_text == "bell"
    assert find() == first
    assert len(searched) == 1


def test_with_redis_the_table_is_spared(find: Find, bells: None) -> None:
    find()
    assert not CachedAnswer.objects.exists()


# --- the database away ----------------------------------------------------------------------------------------


def test_without_the_database_the_cache_answers_and_says_so(find: Find, bells: None, database_away: Away) -> None:
    embed_pending()
    before = find(domain="acoustics", emotion="calmness", mode="semantic", min_frequency=400)
    database_away()
    after = find(domain="acoustics", emotion="calmness", mode="semantic", min_frequency=400)
    assert after["results"] == before["results"]
    assert (after["stale"], after["note"]) == (True, searches.KEPT_BEFORE)


@pytest.fixture
def away(find: Find, bells: None, database_away: Away) -> Iterator[None]:
    """Let a key be remembered, then take the database away."""
    find("unrelated")
    database_away()
    yield


@pytest.mark.usefixtures("away")
def test_without_the_database_the_exported_files_are_searched(find: Find) -> None:
    found = find()
    assert (found["mode"], found["stale"], found["note"]) == ("text", True, searches.FROM_FILES)
    assert names(found)[0] == "Bells, bells, bells"
    assert set(names(found)[1:]) == {"Why do bells ring? They swing.", "A bell of bronze <b>"}
    (bronze,) = [each for each in found["results"] if "bronze" in each["content"]]
    assert bronze["snippet"] == "A <mark>bell</mark> of bronze &lt;b&gt;"
    assert bronze["score"] > 0


@pytest.mark.usefixtures("away")
@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"domain": "poetry"}, 1), ({"to": "2026-01-01"}, 1), ({"from": "2026-01-02"}, 2), ({"emotion": "calmness"}, 1),
        ({"min_frequency": 435}, 1), ({"min_frequency": 430, "max_frequency": 435}, 1), ({"min_frequency": 500}, 0),
        ({"q": '"bells ring"'}, 1), ({"q": "bell -bronze"}, 2), ({"q": '"rose is" OR "of bronze" bell'}, 2),
        ({"q": "zyzzyva"}, 0), ({"q": "the"}, 0),
    ],
)  # fmt: skip
def test_filters_and_syntax_hold_in_the_files(find: Find, asked: dict[str, Any], count: int) -> None:
    assert len(find(**asked)["results"]) == count


@pytest.mark.usefixtures("away")
def test_pages_of_the_files_follow_one_another(find: Find, api: APIClient) -> None:
    first = find(limit=2)
    rest = api.get(first["next"]).json()
    assert len({*names(first), *names(rest)}) == 3
    assert rest["next"] is None


@pytest.mark.usefixtures("away")
def test_a_reading_that_takes_too_long_says_so(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "SECONDS", -1.0)
    assert find()["note"].endswith(searches.CUT_SHORT)


@pytest.mark.usefixtures("away")
def test_an_unknown_domain_cannot_be_told_of(api: APIClient) -> None:
    response = api.get("/api/examples/search?q=bell&domain=nowhere")
    assert (response.status_code, response["Content-Type"]) == (503, "application/problem+json")


def test_with_neither_the_database_nor_redis_a_key_that_was_seen_lately_opens_the_files(
    redis_away: Away, find: Find, bells: None, api: APIClient, database_away: Away, monkeypatch: pytest.MonkeyPatch
) -> None:
    find("unrelated")
    database_away()
    monkeypatch.setattr(keycache, "_seen", {})  # as a few seconds later
    assert names(find())[0] == "Bells, bells, bells"
    stranger = APIClient(headers={"Authorization": "Bearer mcai_unknown"})
    assert stranger.get("/api/examples/search?q=bell").status_code == 503
    monkeypatch.setattr(remembered_keys, "REMEMBERED_SECONDS", 0.0)  # as a quarter of an hour later
    assert api.get("/api/examples/search?q=bell").status_code == 503


@pytest.mark.parametrize("with_redis", [True, False])
def test_a_key_that_was_refused_is_not_remembered(
    with_redis: bool, find: Find, bells: None, api: APIClient, database_away: Away, request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    find("unrelated")
    key_revoke(ApiKey.objects.get())
    assert api.get("/api/examples/search?q=bell").status_code == 401
    if not with_redis:
        request.getfixturevalue("redis_away")
    database_away()
    monkeypatch.setattr(keycache, "_seen", {})
    assert api.get("/api/examples/search?q=bell").status_code == 503


def test_one_domain_is_described_from_the_cache_then_from_the_files(
    api: APIClient, bells: None, database_away: Away
) -> None:
    before = api.get("/api/datasets/acoustics").json()
    assert "stale" not in before
    database_away()
    assert api.get("/api/datasets/acoustics").json() == before | {"stale": True}
    assert api.get("/api/datasets/poetry").json()["example_count"] == 2
    assert api.get("/api/datasets/nowhere").status_code == 404


def test_a_described_domain_is_never_told_from_before_a_change(api: APIClient, bells: None) -> None:
    api.get("/api/datasets/acoustics")
    Dataset.objects.filter(domain_name="acoustics").update(max_examples=7)
    embed_pending()
    told = api.get("/api/datasets/acoustics").json()
    assert (told["max_examples"], told["with_embedding"]) == (7, 2)
