"""What a client sent is kept as long as its job may need it, and no longer."""

import os
import time
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission, User
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone
from rest_framework.test import APIClient

from jobs import artifacts, runner
from jobs.choices import Status
from jobs.models import Job
from tests.jobs.conftest import Submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def curator(client: APIClient, alice: User) -> APIClient:
    alice.user_permissions.set(Permission.objects.filter(content_type__app_label="knowledge"))
    return client


def send(client: APIClient) -> Any:
    upload = BytesIO(b'{"prompt": "What is tea?", "response": "A leaf."}\n')
    upload.name = "tea.jsonl"
    return client.post("/api/datasets/import-async", {"file": upload, "domain": "tea"})


def age(job_id: Any) -> None:
    long_ago = time.time() - 2 * 86_400
    os.utime(artifacts.input_folder(job_id), (long_ago, long_ago))


def answer_is_lost(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    """Do what the statement says, but let the caller hear of a dead database."""
    done = execute(sql, params, many, context)
    if "mcai_submit" in sql and sql.startswith("EXECUTE"):
        raise OperationalError("server closed the connection unexpectedly")
    return done


def test_an_upload_whose_acceptance_was_not_heard_of_is_still_worked_on(curator: APIClient) -> None:
    with connection.execute_wrapper(answer_is_lost):
        assert send(curator).status_code == 503
    job = Job.objects.get()
    assert runner.run(job.pk, "worker:1") == Status.COMPLETED


def test_a_refused_upload_leaves_nothing(curator: APIClient) -> None:
    upload = BytesIO(b"x")
    upload.name = "tea.exe"
    assert curator.post("/api/datasets/import-async", {"file": upload, "domain": "tea"}).status_code == 400
    assert not any((artifacts.input_folder(uuid4()).parent).glob("*"))


def test_an_upload_that_no_job_owns_is_swept_after_a_day(curator: APIClient) -> None:
    kept = send(curator).json()["job_id"]
    orphan = uuid4()
    for job_id in (orphan, uuid4()):
        artifacts.store_input(job_id, "a.txt", [b"a"], "text/plain")
    age(kept)
    age(orphan)
    stray = artifacts.input_folder(orphan).parent / "notes.ab"  # whose name ends as a job's id may
    stray.mkdir()
    os.utime(stray, (0, 0))
    call_command("reconcile", "--once")
    left = {path.name for path in artifacts.input_folder(orphan).parent.iterdir()}
    assert (kept in left, str(orphan) in left, len(left)) == (True, False, 3)


def test_what_an_expiry_that_died_left_is_swept(submit_job: Submit) -> None:
    job, other = submit_job(), submit_job()
    for each in (job, other):
        runner.run(each.pk, "worker:1")
        folder = artifacts.folder_of(each.pk)
        os.utime(folder, (0, 0))
    Job.objects.filter(pk=job.pk).update(status=Status.EXPIRED, expires_at=timezone.now() + timedelta(days=1))
    call_command("reconcile", "--once")
    assert (artifacts.folder_of(job.pk).exists(), artifacts.folder_of(other.pk).exists()) == (False, True)
