"""A picture as a job: the same bytes as an import of the engine gives, and again from what the job answered."""

import json

import pytest

from generation.engines.art import Params, generate
from generation.kinds import ART
from generation.mood import mood_of

pytestmark = pytest.mark.django_db


def run(body):
    kept = json.loads(json.dumps(ART.validate(body)))
    return ART.handler(kept, lambda fraction, stage: None)


def test_a_job_gives_the_bytes_of_an_import():
    body = {"prompt": "a stormy sea, afraid", "style": "landscape", "options": {"width": 96, "height": 64}}
    assert run(body).files[0].content == generate(Params.parse(body), mood=mood_of(body["prompt"])).files[0].content


def test_a_job_replays_what_another_answered():
    first = run({"prompt": "quiet joy", "style": "mandala", "options": {"width": 64, "height": 64}})
    again = run({"replay": json.loads(json.dumps(first.data))["parameters"]})
    assert again.files[0].content == first.files[0].content
    assert again.data == first.data
