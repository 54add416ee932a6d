"""Users alice (curator), bob (viewer), charlie (nobody), and domains of examples."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test import Client
from pytest_django import Settings
from rest_framework.test import APIClient

from jobs import runner
from jobs.keys import key_create
from jobs.models import Job
from knowledge.models import Dataset, Example

START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def files_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.MCAI_FILES = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice")


@pytest.fixture
def api(alice: User) -> APIClient:
    _, key = key_create(owner=alice, name="test")
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {key}")
    return client


@pytest.fixture
def work_off(api: APIClient) -> Callable[[Any], dict[str, Any]]:
    """Run the job that a response accepted, and return what polling answers."""

    def work(response: Any) -> dict[str, Any]:
        assert response.status_code == 202, response.json()
        runner.run(Job.objects.get(pk=response.json()["job_id"]).pk, "test:1")
        answer: dict[str, Any] = api.get(response.json()["poll_url"]).json()
        return answer

    return work


@pytest.fixture
def login(db: None) -> Callable[[str], Client]:
    def as_member(group: str) -> Client:
        user = User.objects.create_user(group, is_staff=True)
        user.groups.add(Group.objects.get(name=group))
        client = Client()
        client.force_login(user)
        return client

    return as_member


@pytest.fixture
def curator(login: Callable[[str], Client]) -> Client:
    """Return a browser in which a curator is logged in to the admin."""
    return login("curator")


def database_environment() -> dict[str, str]:
    """Return the environment in which another process works on the test database."""
    settings = connection.settings_dict
    url = f"postgresql://{settings['USER']}:{settings['PASSWORD']}@{settings['HOST']}:{settings['PORT']}"
    own = {"DATABASE_URL": f"{url}/{settings['NAME']}", "DJANGO_SETTINGS_MODULE": "mcai_project.settings"}
    return os.environ | own


def domain(name: str, count: int, **fields: Any) -> Dataset:
    """Make a domain whose examples are a minute apart."""
    dataset = Dataset.objects.create(domain_name=name, **fields)
    Example.objects.bulk_create(
        [
            Example(dataset=dataset, content=f"{name} {i:04}", created_at=START + timedelta(minutes=i))
            for i in range(count)
        ]
    )
    return dataset
