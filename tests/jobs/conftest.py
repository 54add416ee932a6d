"""Users alice (owner), bob (another client), charlie (staff), and jobs of theirs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.db import connection
from pytest_django import Settings
from rest_framework.test import APIClient

from jobs.choices import Tier
from jobs.keys import key_create
from jobs.models import Job
from jobs.submit import Submission, submit

Submit = Callable[..., Job]


@pytest.fixture(autouse=True)
def files_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MCAI_FILES = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob")


@pytest.fixture
def charlie(db: None) -> User:
    return User.objects.create_user("charlie", is_staff=True)


def client_of(user: User, tier: Tier = Tier.STANDARD) -> APIClient:
    _, key = key_create(owner=user, name="test", tier=tier)
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client


@pytest.fixture
def client(alice: User) -> APIClient:
    return client_of(alice)


@pytest.fixture
def submit_job(alice: User) -> Submit:
    """Submit a job: ``submit_job("test-echo", text="hi")``; options of the submission go with ``of={…}``."""

    def make(kind: str = "test-echo", *, of: dict[str, Any] | None = None, **params: Any) -> Job:
        accepted = submit(Submission(**{"kind": kind, "params": params, "owner_id": alice.pk} | (of or {})))
        return Job.objects.get(pk=accepted.job_id)

    return make


@pytest.fixture
def effects(transactional_db: None) -> Iterator[Callable[[], list[str]]]:
    """A table that jobs write to; call for the tags in it."""

    def tags() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT tag FROM test_effects ORDER BY tag")
            return [row[0] for row in cursor.fetchall()]

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS test_effects (tag text NOT NULL)")
        cursor.execute("TRUNCATE test_effects")
    yield tags
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE test_effects")


def reread(job: Job | UUID) -> Job:
    return Job.objects.get(pk=job.pk if isinstance(job, Job) else job)
