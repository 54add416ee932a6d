"""Real Celery workers on the real broker: what they do, and what happens when they die."""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from celery.app.defaults import SETTING_KEYS
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.db import connection

from jobs import broker, cancel, dispatch, publisher, reconcile
from jobs.choices import Status
from jobs.models import Attempt, Job
from mcai_project.celery import app
from tests.jobs.conftest import Submit, reread

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[..., Any]
QUICK = {"MCAI_LEASE_SECONDS": "3", "MCAI_RECONCILE_SECONDS": "0.2", "MCAI_RETRY_SECONDS": "0.1"}


@pytest.fixture(autouse=True)
def empty_queues() -> None:
    broker.client().delete(*django_settings.MCAI_QUEUES)


@pytest.fixture
def environment(files_folder: Path) -> dict[str, str]:
    return QUICK | {"MCAI_FILES": str(files_folder)}


def wait_for(job: Job, *statuses: Status, seconds: float = 20) -> Job:
    deadline = time.monotonic() + seconds
    while (found := reread(job)).status not in statuses:
        assert time.monotonic() < deadline, (
            f"{found.status} after {seconds} s: {found.error}, {found.attempts} attempts"
        )
        time.sleep(0.05)
    return found


def child_of(job: Job) -> int:
    return int(job.worker.rpartition(":")[2])


def test_a_worker_on_the_broker_runs_a_job_to_its_files(
    start_worker: Start, submit_job: Submit, environment: dict[str, str], files_folder: Path
) -> None:
    worker = start_worker("data", environment=environment)
    job = wait_for(submit_job(text="by a real worker"), Status.COMPLETED)
    assert (files_folder / "files" / str(job.pk)[-2:] / str(job.pk) / "echo.txt").read_text() == "by a real worker"
    assert f"jobs.test-echo[{job.pk}]" in worker.output(), "the task bears the job's id and kind"


def test_a_message_that_comes_twice_runs_the_job_once(
    start_worker: Start, submit_job: Submit, environment: dict[str, str], effects: Callable[[], list[str]]
) -> None:
    job = submit_job("test-effect", tag="once", seconds=0.2)
    publisher.publish([(job.pk, job.kind, job.queue, 300)] * 5)
    start_worker("data", "--concurrency=2", environment=environment)
    wait_for(job, Status.COMPLETED)
    last = submit_job()
    wait_for(last, Status.COMPLETED)
    assert effects() == ["once"]
    assert reread(job).attempts == 1


def test_a_killed_child_gives_its_job_back_and_the_job_is_done(
    start_worker: Start, start_command: Start, submit_job: Submit, environment: dict[str, str], tmp_path: Path
) -> None:
    start_worker("data", environment=environment | {"MCAI_LEASE_SECONDS": "60"})
    start_command("reconcile", environment=environment)
    job = wait_for(submit_job("test-suicide", once=str(tmp_path / "died")), Status.COMPLETED, seconds=10)
    assert list(Attempt.objects.filter(job=job).values_list("outcome", flat=True)) == ["lost", "completed"]


def test_a_poison_job_ends_as_failed(
    start_worker: Start, start_command: Start, submit_job: Submit, environment: dict[str, str]
) -> None:
    start_worker("data", environment=environment)
    start_command("reconcile", environment=environment)
    job = wait_for(submit_job("test-suicide"), Status.FAILED)
    assert (job.attempts, job.error["code"]) == (3, "worker_lost")


def test_a_killed_worker_loses_its_lease_and_the_job_goes_on_elsewhere(
    start_worker: Start,
    start_command: Start,
    submit_job: Submit,
    environment: dict[str, str],
    effects: Callable[[], list[str]],
) -> None:
    first = start_worker("data", environment=environment)
    start_command("reconcile", environment=environment)
    job = wait_for(submit_job("test-effect", tag="moved", seconds=1.0), Status.PROCESSING)
    os.killpg(first.pid, signal.SIGKILL)
    start_worker("data", environment=environment)
    wait_for(job, Status.COMPLETED)
    assert effects() == ["moved"]


def test_a_worker_told_to_stop_releases_what_it_cannot_finish(
    start_worker: Start, submit_job: Submit, environment: dict[str, str]
) -> None:
    worker = start_worker(
        "data", environment=environment | {"MCAI_SOFT_SHUTDOWN_SECONDS": "0.5", "REMAP_SIGTERM": "SIGQUIT"}
    )
    job = wait_for(submit_job("test-slow", seconds=60), Status.PROCESSING)
    worker.stop()
    job = reread(job)
    assert (job.status, job.lease_token) == (Status.QUEUED, None)
    assert Attempt.objects.get(job=job).outcome == "released"


def test_a_running_job_is_cancelled_within_a_heartbeat(
    start_worker: Start, submit_job: Submit, environment: dict[str, str]
) -> None:
    start_worker("data", environment=environment)
    job = wait_for(submit_job("test-slow", seconds=60), Status.PROCESSING)
    assert cancel.cancel(job.pk) == Status.PROCESSING
    wait_for(job, Status.CANCELLED, seconds=5)


def test_a_job_that_hangs_is_stopped_at_its_time_limit(
    start_worker: Start, submit_job: Submit, environment: dict[str, str]
) -> None:
    start_worker("data", environment=environment)
    job = wait_for(submit_job("test-hang"), Status.FAILED)
    assert job.error["code"] == "time_limit"


def test_a_hung_job_can_be_cancelled(start_worker: Start, submit_job: Submit, environment: dict[str, str]) -> None:
    start_worker("data", environment=environment | {"MCAI_CANCEL_GRACE_SECONDS": "0.5"})
    job = wait_for(submit_job("test-slow-blind"), Status.PROCESSING)
    cancel.cancel(job.pk)
    wait_for(job, Status.CANCELLED, seconds=8)


def test_a_worker_keeps_nothing_in_the_broker_that_it_has_fetched(
    start_worker: Start, submit_job: Submit, environment: dict[str, str]
) -> None:
    def bookkeeping() -> list[int]:
        counted: Any = broker.client().info("commandstats")
        return [counted.get(f"cmdstat_{name}", {}).get("calls", 0) for name in ("hset", "zrem", "hdel")]

    start_worker("data", environment=environment)
    wait_for(submit_job(), Status.COMPLETED)
    before = bookkeeping()
    for _ in range(3):
        wait_for(submit_job(), Status.COMPLETED)
    assert bookkeeping() == before


def test_a_worker_tells_of_each_job_that_it_begins_and_ends(
    start_worker: Start, submit_job: Submit, environment: dict[str, str]
) -> None:
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
            start_worker("data", environment=environment)
            jobs = {str(wait_for(submit_job(), Status.COMPLETED).pk) for _ in range(3)}
            deadline = time.monotonic() + 20
            while time.monotonic() < deadline and sum(map(len, told.values())) < 2 * len(jobs):
                listen()
    assert told == {job: {"task-received", "task-succeeded"} for job in jobs}


def test_messages_that_the_broker_lost_are_published_again(
    start_worker: Start, start_command: Start, submit_job: Submit, environment: dict[str, str], alice: User
) -> None:
    jobs = [submit_job() for _ in range(10)]
    broker.client().delete("data")
    start_command("reconcile", environment=environment)
    start_worker("data", environment=environment)
    for job in jobs:
        wait_for(job, Status.COMPLETED)


def test_only_a_window_of_the_best_waiting_jobs_stands_in_the_broker(submit_job: Submit) -> None:
    for _ in range(10):
        submit_job()
    assert publisher.queue_lengths(["data"]) == {"data": django_settings.MCAI_DISPATCH_WINDOW}
    assert dispatch.fill("data") == 0
    assert reconcile.reconcile().republished == 0


def test_every_celery_setting_is_one_that_celery_knows() -> None:
    ours = {name.removeprefix("CELERY_").lower() for name in dir(django_settings) if name.startswith("CELERY_")}
    assert ours - {"db_reuse_max"} <= set(SETTING_KEYS)


def test_the_database_connection_of_a_worker_outlives_its_tasks(
    start_worker: Start, submit_job: Submit, environment: dict[str, str]
) -> None:
    start_worker("data", environment=environment)
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


def test_every_task_goes_to_a_declared_queue() -> None:
    assert {queue.name for queue in app.conf.task_queues} == set(django_settings.MCAI_QUEUES)
    assert app.conf.task_create_missing_queues is False
