"""Fixtures for every room: real processes of the project beside the test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock

import pytest
from django.test import TransactionTestCase
from pytest_django import DjangoDbBlocker

from mcai_project.embedded.ports import free_port
from tests.database import Migrated
from tests.processes import Process, answers, is_listening, manage_argv, web_argv, worker_argv, worker_name

Start = Callable[..., Process]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Clean up after tests that commit in our own way."""
    with django_db_blocker.unblock():
        migrated = Migrated()
    with mock.patch.object(TransactionTestCase, "_fixture_teardown", lambda _case: migrated.restore()):
        yield


@pytest.fixture
def start_process(tmp_path: Path, transactional_db: None) -> Iterator[Start]:
    """Start processes on the test database: ``start_process(argv, environment={…})``; all stop with the test."""
    started: list[Process] = []

    def start(argv: list[str], environment: dict[str, str] | None = None) -> Process:
        process = Process(argv, tmp_path / f"process-{len(started)}.log", environment)
        started.append(process)
        return process

    yield start
    for process in reversed(started):
        process.end()
        print(f"--- {process.argv} ---\n{process.output()}")  # pytest shows it when the test failed


@pytest.fixture
def start_worker(start_process: Start) -> Start:
    """Start Celery workers: ``start_worker("art", "--concurrency=2", environment={…})`` returns one that is ready."""

    def start(queue: str, *options: str, environment: dict[str, str] | None = None) -> Process:
        name = worker_name(queue)
        worker = start_process(worker_argv(queue, name, *options), environment)
        worker.wait_until(lambda: is_listening(name), "it answered a ping")
        return worker

    return start


@pytest.fixture
def start_command(start_process: Start) -> Start:
    """Start management commands: ``start_command("reconcile")`` returns at once."""

    def start(*arguments: str, environment: dict[str, str] | None = None) -> Process:
        return start_process(manage_argv(*arguments), environment)

    return start


@pytest.fixture
def live_web(start_process: Start) -> str:
    """Start a web server on the test database; return its base URL once it answers."""
    url = f"http://127.0.0.1:{(port := free_port())}"
    start_process(web_argv(port)).wait_until(lambda: answers(f"{url}/livez"), "it answered")
    return url
