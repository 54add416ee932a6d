"""Rotation and import as jobs: through REST, worked off, effect once."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from jobs import lease
from jobs.errors import InvalidParams
from jobs.models import Job
from knowledge.kinds.curation import validate_archive
from knowledge.models import ArchivedExample, Dataset, Example, ImportBatch
from tests.knowledge.conftest import domain

pytestmark = pytest.mark.django_db
WorkOff = Callable[[Any], dict[str, Any]]
ROTATE, IMPORT = "/api/datasets/rotate-async", "/api/datasets/import-async"


def upload(name: str, data: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, "application/octet-stream")


LINES = b'{"content": "a"}\n{"content": "b"}\n{}\n{"content": "a"}\n'


def test_a_rotation_answers_with_its_domains(api: APIClient, work_off: WorkOff) -> None:
    domain("tea", 5)
    answer = work_off(api.post(ROTATE, {"domain": "tea", "max_examples": 2}, format="json"))
    assert answer["result"] == {"domains": [{"domain": "tea", "moved": 3, "left": 2}], "dry_run": False, "files": []}
    assert set(ArchivedExample.objects.values_list("archived_by", flat=True)) == {"rotation for alice"}


def test_a_dry_rotation_of_all_moves_nothing(api: APIClient, work_off: WorkOff) -> None:
    domain("tea", 5), domain("coffee", 1)
    answer = work_off(api.post(ROTATE, {"max_examples": 2, "dry_run": True}, format="json"))
    assert [d["moved"] for d in answer["result"]["domains"]] == [0, 3]
    assert Example.objects.count() == 6


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"domain": "nowhere"}, "domain"),
        ({"max_examples": -1}, "max_examples"),
        ({"max_examples": 1.5}, "max_examples"),
        ({"max_examples": True}, "max_examples"),
        ({"dry_run": "perhaps"}, "dry_run"),
        ({"domian": "tea"}, "domian"),
    ],
)
def test_a_wrong_rotation_is_refused_by_field(body: dict[str, Any], field: str, api: APIClient) -> None:
    answer = api.post(ROTATE, body, format="json")
    assert answer.status_code == 400 and answer.json()["errors"][0]["field"] == field
    assert not Job.objects.exists()


def test_an_import_answers_with_its_counts(api: APIClient, work_off: WorkOff) -> None:
    answer = work_off(api.post(IMPORT, {"file": upload("tea.jsonl", LINES), "domain": "green tea"}))
    result = answer["result"]
    assert (result["read"], result["added"], result["duplicates"], result["dry_run"]) == (4, 2, 1, False)
    assert result["errors"] == [{"file": "tea.jsonl", "line": 3, "message": "The row has no content."}]
    batch = ImportBatch.objects.get(pk=result["batch"])
    assert (batch.status, batch.actor, str(batch.key)) == ("applied", "alice", answer["job_id"])
    assert Dataset.objects.get().domain_name == "green tea"


def test_options_may_stand_in_a_form_field(api: APIClient, work_off: WorkOff) -> None:
    options = json.dumps({"strict": True})
    answer = work_off(api.post(IMPORT, {"file": upload("tea.jsonl", LINES), "options": options}))
    assert (answer["result"]["added"], answer["result"]["refused"]) == (0, True)
    dry = work_off(api.post(IMPORT, {"file": upload("tea.jsonl", LINES), "dry_run": "true", "strict": "false"}))
    assert (dry["result"]["added"], dry["result"]["dry_run"]) == (2, True)
    assert not Example.objects.exists()


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "file"),
        ({"file": upload("tea.exe", b"x")}, "file"),
        ({"file": upload("tea.txt", b"x"), "domain": "x" * 200}, "domain"),
        ({"file": upload("tea.txt", b"x"), "options": '{"on_duplicate": "burn"}'}, "options.on_duplicate"),
        ({"file": upload("tea.txt", b"x"), "options": '{"stric": true}'}, "options.stric"),
    ],
)
def test_a_wrong_import_is_refused_by_field(body: dict[str, Any], field: str, api: APIClient) -> None:
    answer = api.post(IMPORT, body)
    assert answer.status_code == 400 and answer.json()["errors"][0]["field"] == field
    assert not Job.objects.exists()


def test_the_name_of_an_upload_is_never_a_path(api: APIClient, work_off: WorkOff) -> None:
    work_off(api.post(IMPORT, {"file": upload("../../etc/tea.txt", b"leaf")}))
    assert Dataset.objects.get().domain_name == "tea"


def test_an_import_whose_lease_was_lost_writes_nothing(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    accepted = api.post(IMPORT, {"file": upload("tea.jsonl", LINES)}).json()
    from jobs import runner

    def lost(*args: Any, **kwargs: Any) -> None:
        return None

    monkeypatch.setattr(lease, "end", lost)
    runner.run(Job.objects.get(pk=accepted["job_id"]).pk, "test:1")
    assert not Example.objects.exists() and ImportBatch.objects.get().status == "running"


@pytest.mark.parametrize(
    "body", [{"ids": []}, {"ids": [True]}, {"ids": [0]}, {"ids": "1"}, {"ids": list(range(1, 10_002))}]
)
def test_a_restore_of_chosen_examples_names_them(body: dict[str, Any]) -> None:
    with pytest.raises(InvalidParams, match="list of 1 to 10,000 ids"):
        validate_archive(body)


def test_a_restore_is_of_a_domain_or_of_chosen_examples() -> None:
    assert validate_archive({"ids": [3, 5]}) == {"ids": [3, 5]}
    with pytest.raises(InvalidParams, match="not both"):
        validate_archive({"ids": [3], "domain": "tea"})
