"""``GET /api/examples/search`` as a client sees it."""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from rest_framework.test import APIClient

from knowledge.models import Emotion
from tests.knowledge.search.store import keep

pytestmark = pytest.mark.django_db


def answer(api: APIClient, **query: Any) -> dict[str, Any]:
    response = api.get(f"/api/examples/search?{urlencode(query)}")
    assert response.status_code == 200, response.json()
    body: dict[str, Any] = response.json()
    return body


def names(body: dict[str, Any]) -> set[str]:
    return {each["content"] for each in body["results"]}


def test_an_answer_holds_the_example_its_score_and_a_snippet(api: APIClient) -> None:
    keep("Why do bells ring?", domain="acoustics", response="They vibrate.", metadata={"level": "beginner"})
    (found,) = answer(api, q="bell")["results"]
    assert found["domain"] == "acoustics"
    assert found["metadata"] == {"level": "beginner"}
    assert found["snippet"].startswith("Why do <mark>bells</mark> ring?")
    assert found["score"] > 0
    assert found["archived"] is False


def test_the_address_of_the_next_page_leads_to_the_rest(api: APIClient) -> None:
    keep(*(f"bell {n}" for n in range(5)))
    first = answer(api, q="bell", limit=3)
    rest = api.get(first["next"]).json()
    assert len(names(first) | names(rest)) == 5
    assert rest["next"] is None


def test_domains_and_days_narrow_a_search(api: APIClient) -> None:
    keep("bell of old", domain="a", created_at=datetime(2026, 1, 1, 23, tzinfo=UTC))
    keep("bell of now", domain="a", created_at=datetime(2026, 1, 2, tzinfo=UTC))
    keep("bell elsewhere", domain="b")
    assert names(answer(api, q="bell", domain="b")) == {"bell elsewhere"}
    assert names(answer(api, q="bell", domain="a", to="2026-01-01")) == {"bell of old"}
    assert names(answer(api, q="bell", domain="a", **{"from": "2026-01-02"})) == {"bell of now"}
    assert names(answer(api, q="bell", domain="a", **{"from": "2026-01-02T00:00:00Z"})) == {"bell of now"}


def test_emotions_and_their_frequencies_narrow_a_search(api: APIClient) -> None:
    Emotion.objects.create(name="calmness", neuroscience_freq=8, metaphysical_freq=432)
    keep("a calm bell", metadata={"emotions": ["calmness"]})
    keep("a tuned bell", metadata={"frequency": 440})
    keep("a bell", metadata={"frequency": "loud"})
    assert names(answer(api, q="bell", emotion="Calmness")) == {"a calm bell"}
    assert names(answer(api, q="bell", min_frequency=435)) == {"a tuned bell"}
    assert names(answer(api, q="bell", min_frequency=430, max_frequency=450)) == {"a calm bell", "a tuned bell"}


def test_where_nothing_is_found_a_better_spelling_is_suggested(api: APIClient) -> None:
    keep("the harmony of bells")
    assert answer(api, q="hramony")["suggestion"] == "harmony"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("q", ""), ("q", "x" * 2001), ("q", "a\x00b"), ("mode", "txt"), ("domain", "nowhere"), ("from", "yesterday"),
        ("to", "2026-02-30"), ("to", "9999-12-31"), ("emotion", "blorp"), ("min_frequency", "nan"),
        ("max_frequency", "-1"), ("limit", "0"), ("limit", "101"), ("limit", "²"), ("cursor", "???"),
        ("cursor", "MTA6eA"),
        ("archived", "maybe"), ("colour", "red"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(api: APIClient, field: str, value: str) -> None:
    response = api.get(f"/api/examples/search?{urlencode({'q': 'bell', field: value})}")
    assert response.status_code == 400, response.json()
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["errors"][0]["field"] == field


def test_a_cursor_of_another_search_is_refused(api: APIClient) -> None:
    keep(*(f"bell {n}" for n in range(5)))
    following = answer(api, q="bell", limit=3)["next"]
    assert api.get(following.replace("q=bell", "q=gong")).status_code == 400


def test_a_key_is_needed() -> None:
    assert APIClient().get("/api/examples/search?q=bell").status_code == 401
