"""What a real Celery worker on the real broker does with its jobs; one runs through the module."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from pytest_django import Settings

from jobs import broker, cancel, publisher
from jobs.choices import Status
from mcai_project.celery import app
from tests.jobs.conftest import Submit, reread
from tests.jobs.test_workers import QUICK, wait_for
from tests.processes import Process, is_listening, worker_argv, worker_name
from tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def running(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A worker of two children for all tests of the module."""
    broker.client().delete(*django_settings.MCAI_QUEUES)
    folder, name = tmp_path_factory.mktemp("worker"), worker_name("data")
    environment = QUICK | {"MCAI_CANCEL_GRACE_SECONDS": "0.5", "MCAI_FILES": str(folder / "files")}
    worker = Process(worker_argv("data", name, "--concurrency=2"), folder / "log", environment)
    worker.wait_until(lambda: is_listening(name), "it answered a ping")
    yield worker
    worker.end()
    print(worker.output())


@pytest.fixture
def worker(running: Process, settings: Settings) -> Process:
    """The worker, whose files are ours."""
    settings.MCAI_FILES = running.log.parent / "files"
    return running


def test_a_worker_on_the_broker_runs_a_job_to_its_files(worker: Process, submit_job: Submit) -> None:
    job = wait_for(submit_job(text="by a real worker"), Status.COMPLETED)
    assert (
        django_settings.MCAI_FILES / "files" / str(job.pk)[-2:] / str(job.pk) / "echo.txt"
    ).read_text() == "by a real worker"
    assert f"jobs.test-echo[{job.pk}]" in worker.output(), "the task bears the job's id and kind"


def test_a_message_that_comes_twice_runs_the_job_once(
    worker: Process, submit_job: Submit, effects: Callable[[], list[str]]
) -> None:
    job = submit_job("test-effect", tag="once", seconds=0.2)
    publisher.publish([(job.pk, job.kind, job.queue, 300)] * 5)
    wait_for(job, Status.COMPLETED)
    last = submit_job()
    wait_for(last, Status.COMPLETED)
    assert effects() == ["once"]
    assert reread(job).attempts == 1


def test_a_running_job_is_cancelled_within_a_heartbeat(worker: Process, submit_job: Submit) -> None:
    job = wait_for(submit_job("test-slow", seconds=600), Status.PROCESSING)
    assert cancel.cancel(job.pk) == Status.PROCESSING
    wait_for(job, Status.CANCELLED)


def test_a_job_that_hangs_is_stopped_at_its_time_limit(worker: Process, submit_job: Submit) -> None:
    job = wait_for(submit_job("test-hang"), Status.FAILED)
    assert job.error["code"] == "time_limit"


def test_a_hung_job_can_be_cancelled(worker: Process, submit_job: Submit) -> None:
    job = wait_for(submit_job("test-slow-blind"), Status.PROCESSING)
    cancel.cancel(job.pk)
    wait_for(job, Status.CANCELLED)


def test_a_worker_tells_of_each_job_that_it_begins_and_ends(worker: Process, submit_job: Submit) -> None:
    told: dict[str, set[str]] = {}
    with app.connection_for_read() as listening:

        def hear(event: dict[str, Any]) -> None:
            told.setdefault(event["uuid"], set()).add(event["type"])

        receiver = app.events.Receiver(listening, handlers={"task-received": hear, "task-succeeded": hear})
        with receiver.consumer_context() as (heard, _, _):

            def listen() -> None:
                with contextlib.suppress(TimeoutError):
                    heard.drain_events(timeout=0.5)

            listen()  # subscribes: what was told before is lost
            jobs = {str(wait_for(submit_job(), Status.COMPLETED).pk) for _ in range(3)}

            def all_told() -> bool:
                listen()
                return all(len(told.get(job, ())) >= 2 for job in jobs)

            eventually(all_told, lambda: told)
    assert [told[job] for job in jobs] == [{"task-received", "task-succeeded"}] * 3


def test_the_database_connection_of_a_worker_outlives_its_tasks(worker: Process, submit_job: Submit) -> None:
    wait_for(submit_job(), Status.COMPLETED)

    def backends() -> set[int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            return {row[0] for row in cursor.fetchall()}

    before = backends()
    wait_for(submit_job(), Status.COMPLETED)
    assert before
    assert before <= backends()
