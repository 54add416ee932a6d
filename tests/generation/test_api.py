"""What the engines' addresses refuse, and that each field is named."""

import json
from typing import Any

import numpy as np
import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from rest_framework.test import APIClient

from jobs import runner
from jobs.choices import Status
from jobs.keys import key_create
from jobs.models import Job

pytestmark = pytest.mark.django_db(transaction=True)  # the heart beats on a connection of its own

CYMATIC, MUSIC = "/api/cymatic/analyze-async", "/api/music/generate-async"


@pytest.fixture
def client(transactional_db: None) -> APIClient:
    call_command("load_fixtures", verbosity=0)
    Job.objects.all().delete()  # the new examples ask to be embedded
    _, key = key_create(owner=User.objects.create_user("alice"), name="test")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client


@pytest.mark.parametrize(
    ("url", "body", "field"),
    [
        (CYMATIC, '{"frequencies": [NaN]}', "frequencies[0]"),
        (CYMATIC, '{"frequencies": [440, -1]}', "frequencies[1]"),
        (CYMATIC, '{"frequencies": [0]}', "frequencies[0]"),
        (CYMATIC, '{"frequencies": []}', "frequencies"),
        (CYMATIC, json.dumps({"frequencies": [440.0] * 1000}), "frequencies"),
        (CYMATIC, "{}", "frequencies"),
        (CYMATIC, '{"emotion": "no such emotion"}', "emotion"),
        (CYMATIC, '{"frequencies": [440], "options": {"model": "cube"}}', "options.model"),
        (MUSIC, '{"prompt": "sea", "duration": 0}', "duration"),
        (MUSIC, '{"prompt": "sea", "duration": NaN}', "duration"),
        (MUSIC, '{"prompt": "sea", "duration": 86400}', "duration"),
        (MUSIC, '{"prompt": "sea", "duration": 5, "options": {"key": "H"}}', "options.key"),
        (MUSIC, '{"prompt": "", "duration": 5}', "prompt"),
        (MUSIC, '{"prompt": "sea", "duration": 5, "options": {"tmpo": 90}}', "options.tmpo"),
    ],
)
def test_bad_parameters_name_their_field_and_make_no_job(client: APIClient, url: str, body: str, field: str) -> None:
    answer = client.post(url, body, content_type="application/json")
    assert answer.status_code == 400, answer.content
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert not Job.objects.exists()


@pytest.mark.parametrize(
    ("url", "body"),
    [
        ("/api/art/generate-async", {"prompt": "joy by the sea", "options": {"width": 64, "height": 64}}),
        (MUSIC, {"prompt": "calm", "duration": 3, "options": {"emotion": "serenity"}}),
        (CYMATIC, {"frequencies": [440], "options": {"resolution": 256}}),
        (CYMATIC, {"emotion": "joy", "options": {"resolution": 256}}),
    ],
)
def test_each_engine_makes_its_files_from_a_request(client: APIClient, url: str, body: dict[str, Any]) -> None:
    job_id = client.post(url, body, format="json").json()["job_id"]
    assert runner.run(job_id, "w:1") == Status.COMPLETED, Job.objects.get(pk=job_id).error
    result = client.get(f"/api/job/{job_id}").json()["result"]
    assert result["files"]
    assert all(file["size"] > 0 and len(file["sha256"]) == 64 for file in result["files"])


def test_the_seed_that_was_drawn_is_kept_so_that_a_retry_makes_the_same(client: APIClient) -> None:
    job_id = client.post("/api/art/generate-async", {"prompt": "sea"}, format="json").json()["job_id"]
    assert isinstance(Job.objects.get(pk=job_id).params["options"]["seed"], int)


def test_a_sound_is_uploaded_and_its_pattern_drawn(client: APIClient) -> None:
    import io

    import soundfile

    tone = io.BytesIO()
    soundfile.write(tone, 0.3 * np.sin(2 * np.pi * 660 * np.arange(44100) / 44100), 44100, format="WAV")
    upload = SimpleUploadedFile("tone.wav", tone.getvalue(), "audio/wav")
    answer = client.post(CYMATIC, {"file": upload, "options": '{"resolution": 256}'}, format="multipart")
    assert answer.status_code == 202, answer.content
    job_id = answer.json()["job_id"]
    assert runner.run(job_id, "w:1") == Status.COMPLETED, Job.objects.get(pk=job_id).error
    first = Job.objects.get(pk=job_id).result["frequencies"][0]
    assert first["frequency"] == pytest.approx(660, abs=2)


def test_an_upload_that_is_no_sound_fails_with_a_reason(client: APIClient) -> None:
    upload = SimpleUploadedFile("noise.wav", b"this is no sound", "audio/wav")
    answer = client.post(CYMATIC, {"file": upload}, format="multipart")
    assert runner.run(answer.json()["job_id"], "w:1") == Status.FAILED
    assert Job.objects.get().error["field"] == "file"
