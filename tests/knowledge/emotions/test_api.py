from typing import Any

import pytest
from rest_framework.test import APIClient

from jobs import runner
from jobs.choices import Status
from jobs.models import Job
from knowledge.models import Emotion

pytestmark = pytest.mark.django_db


def finished(client: APIClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = client.post("/api/emotion/analyze-async", body, format="json")
    assert answer.status_code == 202, answer.json()
    assert runner.run(answer.json()["job_id"], "test:1") == Status.COMPLETED
    result: dict[str, Any] = client.get(answer.json()["poll_url"]).json()["result"]
    return result


@pytest.mark.django_db(transaction=True)
def test_one_text_is_read_as_a_job(client: APIClient, love: Emotion) -> None:
    (text,) = finished(client, {"text": "I love you so much!"})["texts"]
    assert text["labels"][0] == "love"
    assert max(text["scores"], key=text["scores"].get) == "love"
    assert (text["valence"], text["arousal"]) == (0.9, 0.4)
    assert (text["neuroscience_freq"], text["metaphysical_freq"]) == (40.0, 528.0)


@pytest.mark.django_db(transaction=True)
def test_a_thousand_texts_are_read_in_order(client: APIClient) -> None:
    texts = ["thank you", "😂😂", "", "I'm so sorry"] * 250
    found = finished(client, {"texts": texts, "options": {"top": 2}})["texts"]
    assert [reading["labels"][:1] for reading in found[-4:]] == [["gratitude"], ["amusement"], [], ["remorse"]]
    assert len(found) == 1000
    assert {len(reading["scores"]) for reading in found} == {0, 2}


@pytest.mark.django_db(transaction=True)
def test_a_job_tells_its_queue_and_the_version_of_the_model(client: APIClient) -> None:
    assert finished(client, {"text": "hello there"})["model"] == "shipped"
    assert Job.objects.get().queue == "emotion"


def test_a_short_text_is_answered_at_once(client: APIClient) -> None:
    answer = client.post("/api/emotion/analyze", {"text": "Thanks! You saved my day."}, format="json")
    assert answer.status_code == 200
    (text,) = answer.json()["texts"]
    assert text["labels"][0] == "gratitude"
    assert text["words"][0]["word"] == "thanks"
    assert len(text["arc"]) == 2
    assert not Job.objects.exists()


def test_what_says_nothing_gets_no_answer(client: APIClient) -> None:
    (text,) = client.post("/api/emotion/analyze", {"text": "我很高兴"}, format="json").json()["texts"]
    assert (text["labels"], text["scores"], text["note"]) == ([], {}, "not enough evidence")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": "a", "texts": ["b"]}, "text"),
        ({"text": 7}, "text"),
        ({"texts": []}, "texts"),
        ({"texts": ["a"] * 1001}, "texts"),
        ({"texts": ["a", None]}, "texts[1]"),
        ({"text": "a" * 1_000_001}, "text"),
        ({"text": "a", "language": "en"}, "language"),
        ({"text": "a", "options": []}, "options"),
        ({"text": "a", "options": {"top": 0}}, "options.top"),
        ({"text": "a", "options": {"top": True}}, "options.top"),
        ({"text": "a", "options": {"tpo": 3}}, "options.tpo"),
        ({"text": "a", "options": {"arc": "yes"}}, "options.arc"),
    ],
)
def test_a_bad_request_is_told_which_field_is_wrong(client: APIClient, body: dict[str, Any], field: str) -> None:
    answer = client.post("/api/emotion/analyze-async", body, format="json")
    assert answer.status_code == 400
    assert field in [error["field"] for error in answer.json()["errors"]]
    assert not Job.objects.exists()


@pytest.mark.parametrize("body", [{"texts": ["a"]}, {"text": "a" * 5001}, {"text": None}])
def test_only_one_short_text_is_answered_at_once(client: APIClient, body: dict[str, Any]) -> None:
    assert client.post("/api/emotion/analyze", body, format="json").status_code == 400


def test_strangers_are_turned_away() -> None:
    assert APIClient().post("/api/emotion/analyze", {"text": "hi"}, format="json").status_code == 401
