"""Reading and correcting the knowledge store over REST."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from knowledge.cache import stats
from knowledge.models import Emotion, Example, Feedback
from knowledge.rotation import rotation_run
from tests.knowledge.conftest import START, domain

pytestmark = pytest.mark.django_db
WorkOff = Callable[[Any], dict[str, Any]]


@pytest.fixture
def curator(alice: User, api: APIClient) -> APIClient:
    alice.groups.add(Group.objects.get(name="curator"))
    return api


def lines(response: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in b"".join(response.streaming_content).splitlines()]


def test_domains_are_listed_and_described(api: APIClient) -> None:
    domain("tea", 3, metadata={"title": "Tea"}), domain("coffee", 1)
    rows = api.get("/api/datasets").json()["results"]
    assert [(row["domain_name"], row["example_count"]) for row in rows] == [("coffee", 1), ("tea", 3)]
    tea = api.get("/api/datasets/tea").json()
    assert (tea["example_count"], tea["metadata"], tea["max_examples"], tea["bytes"]) == (3, {"title": "Tea"}, 1000, 24)
    missing = api.get("/api/datasets/te")
    assert missing.status_code == 404 and "Did you mean 'tea'" in missing.json()["detail"]
    assert api.get("/api/datasets/%00").status_code == api.get("/api/datasets/%00/examples").status_code == 404


def test_pages_join_from_the_newest_to_the_oldest(api: APIClient) -> None:
    domain("tea", 25)
    Example.objects.filter(content__lt="tea 0010").update(created_at=START)  # a tie, as after an import
    found, url, pages = list[str](), "/api/datasets/tea/examples?limit=7", 0
    while url:
        page = api.get(url).json()
        found += [row["content"] for row in page["results"]]
        url, pages = page["next"], pages + 1
    assert found == [f"tea {i:04}" for i in reversed(range(25))] and pages == 4


def test_a_first_page_that_was_just_sent_is_sent_again_until_the_domain_changes(api: APIClient) -> None:
    domain("tea", 2)
    first = api.get("/api/datasets/tea/examples")
    before = stats.snapshot()["examples"]
    again = api.get("/api/datasets/tea/examples")
    now = stats.snapshot()["examples"]
    assert (again.content, again["ETag"], again["Content-Type"]) == (first.content, first["ETag"], "application/json")
    assert now["hits"] == before["hits"] + 1 and now["tiers"]["redis"] == before["tiers"]["redis"]
    Example.objects.filter(content="tea 0001").update(response="changed")
    assert api.get("/api/datasets/tea/examples").json()["results"][0]["response"] == "changed"


def test_the_first_page_goes_on_where_the_cache_ends(api: APIClient) -> None:
    domain("tea", 150)
    first = api.get("/api/datasets/tea/examples").json()
    second = api.get(first["next"]).json()
    assert (len(first["results"]), len(second["results"]), second["next"]) == (100, 50, None)
    assert set(first["results"][0]) == {"id", "content", "response", "metadata", "created_at", "updated_at"}
    Example.objects.filter(content="tea 0149").update(response="changed")
    assert api.get("/api/datasets/tea/examples").json()["results"][0]["response"] == "changed"


def test_fields_can_be_chosen(api: APIClient) -> None:
    domain("tea", 1)
    assert api.get("/api/datasets/tea/examples?fields=content,metadata").json()["results"] == [
        {"content": "tea 0000", "metadata": {}}
    ]


def test_an_unchanged_domain_is_answered_by_304_without_reading_it(api: APIClient) -> None:
    domain("tea", 3)
    url = "/api/datasets/tea/examples?limit=2"
    etag = api.get(url).headers["ETag"]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        again = api.get(url, headers={"If-None-Match": etag})
    assert (again.status_code, again.content) == (304, b"")
    assert not [query for query in queries if "FROM examples" in query["sql"]]
    assert api.get("/api/datasets/tea/examples?limit=3", headers={"If-None-Match": etag}).status_code == 200
    Example.objects.filter(content="tea 0000").update(response="x")
    assert api.get(url, headers={"If-None-Match": etag}).status_code == 200


@pytest.mark.parametrize("url", ["/api/datasets", "/api/datasets/tea", "/api/emotions"])
def test_other_reads_have_an_etag_too(url: str, api: APIClient) -> None:
    domain("tea", 1)
    etag = api.get(url).headers["ETag"]
    assert api.get(url, headers={"If-None-Match": f"W/{etag}"}).status_code == 304


def test_a_whole_domain_is_streamed(api: APIClient) -> None:
    domain("tea", 450)
    streamed = api.get("/api/datasets/tea/examples", headers={"Accept": "application/x-ndjson"})
    assert streamed.headers["Content-Type"] == "application/x-ndjson" and streamed.streaming
    assert [row["content"] for row in lines(streamed)] == [f"tea {i:04}" for i in range(450)]
    assert len(lines(api.get("/api/datasets/tea/examples?format=ndjson"))) == 450


def test_the_archive_is_read_when_asked_for(api: APIClient) -> None:
    domain("tea", 5)
    rotation_run(max_examples=2)
    rows = api.get("/api/datasets/tea/examples?archived=true&fields=content,archived_by").json()["results"]
    assert rows[0] == {"content": "tea 0002", "archived_by": "rotation"} and len(rows) == 3


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "limit"),
        ("limit=1001", "limit"),
        ("limit=" + "9" * 5000, "limit"),
        ("limit=ten", "limit"),
        ("cursor=nonsense", "cursor"),
        ("cursor=é", "cursor"),
        ("fields=content,secret", "fields"),
        ("archived=perhaps", "archived"),
        ("page=2", "page"),
    ],
)
def test_a_wrong_page_is_refused_by_parameter(query: str, field: str, api: APIClient) -> None:
    domain("tea", 1)
    answer = api.get(f"/api/datasets/tea/examples?{query}")
    assert answer.status_code == 400 and answer.json()["errors"][0]["field"] == field


def test_emotions_are_read(api: APIClient) -> None:
    Emotion.objects.create(name="joy", neuroscience_freq=10, metaphysical_freq=528, valence=0.8)
    assert api.get("/api/emotions").json()["results"][0]["metaphysical_freq"] == 528
    assert api.get("/api/emotions/joy").json()["valence"] == 0.8
    assert "Did you mean 'joy'" in api.get("/api/emotions/jo").json()["detail"]


def test_feedback_is_given_on_an_example_or_an_answer(api: APIClient) -> None:
    domain("tea", 2)
    number = Example.objects.earliest("id").pk
    rotation_run(max_examples=1)  # the example is in the archive now
    assert api.post("/api/feedback", {"example": number, "rating": 5, "note": "good"}, format="json").status_code == 201
    assert api.post("/api/feedback", {"query_hash": "a" * 64, "rating": 1}, format="json").status_code == 201
    assert list(Feedback.objects.order_by("id").values_list("rating", "user__username")) == [(5, "alice"), (1, "alice")]
    for wrong in (
        {"rating": 5},
        {"example": number, "rating": 6},
        {"example": number},
        {"example": 10**9, "rating": 1},
    ):
        assert api.post("/api/feedback", wrong, format="json").status_code == 400


def test_a_curator_corrects_an_example_and_its_history_tells(curator: APIClient) -> None:
    domain("tea", 1)
    made = curator.post("/api/datasets/tea/examples", {"content": "oolong", "metadata": {"a": 1}}, format="json")
    assert made.status_code == 201 and made.json()["domain"] == "tea"
    url = f"/api/examples/{made.json()['id']}"
    assert curator.patch(url, {"response": "blue tea"}, format="json").json()["response"] == "blue tea"
    assert curator.patch(url, {"content": "tea 0000"}, format="json").status_code == 400
    assert curator.patch(url, {"content": " "}, format="json").status_code == 400
    assert curator.patch(url, {"contents": "x"}, format="json").status_code == 400
    (state,) = curator.get(f"{url}/history").json()["results"]
    assert (state["response"], state["changed_by"], state["action"]) == ("", "alice", "update")
    assert curator.delete(url).status_code == 204 and curator.get(url).status_code == 404


def test_whoever_is_no_curator_may_read_alone(api: APIClient) -> None:
    domain("tea", 1)
    url = f"/api/examples/{Example.objects.get().pk}"
    assert api.get(url).status_code == 200
    for refused in (
        api.patch(url, {"response": "x"}, format="json"),
        api.delete(url),
        api.post("/api/datasets/tea/examples", {"content": "x"}, format="json"),
        api.post("/api/datasets/tea/snapshots", {"name": "x"}, format="json"),
        api.post("/api/imports/undo-async", {"batch": 1}, format="json"),
    ):
        assert refused.status_code == 403
    assert APIClient().get("/api/datasets").status_code == 401


def test_import_fix_undo_and_restore_over_rest(curator: APIClient, work_off: WorkOff) -> None:
    domain("tea", 3)
    assert curator.post("/api/datasets/tea/snapshots", {"name": "good"}, format="json").status_code == 201
    file = SimpleUploadedFile("tea.jsonl", b'{"content": "new"}\n{"content": "tea 0001"}', "application/json")
    batch = work_off(curator.post("/api/datasets/import-async", {"file": file}))["result"]["batch"]
    Example.objects.filter(content="tea 0002").update(response="x")
    compared = curator.get("/api/datasets/tea/snapshots/good/changes").json()
    assert (compared["added"], compared["removed"], compared["changed"]) == (1, 0, 1)
    undone = work_off(curator.post("/api/imports/undo-async", {"batch": batch}, format="json"))["result"]
    assert undone["removed"] == 1
    assert curator.get("/api/imports").json()["results"][0]["status"] == "undone"
    assert curator.get(f"/api/imports/{batch}").json()["errors"] == []
    body = {"domain": "tea", "snapshot": "good"}
    restored = work_off(curator.post("/api/snapshots/restore-async", body, format="json"))["result"]
    assert (restored["removed"], restored["added"]) == (1, 1)
    assert Example.objects.get(content="tea 0002").response == ""
    rotation_run(max_examples=1)
    back = work_off(curator.post("/api/datasets/restore-async", {"domain": "tea"}, format="json"))["result"]
    assert (back["restored"], back["kept"]) == (2, 0)
