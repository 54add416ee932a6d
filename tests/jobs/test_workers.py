"""Real Celery workers on the real broker: what they do, and what happens when they die."""

import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from celery.app.defaults import SETTING_KEYS
from django.conf import settings as django_settings
from django.contrib.auth.models import User

from jobs import broker, dispatch, publisher, reconcile
from jobs.choices import Status
from jobs.models import Attempt, Job
from mcai_project.celery import app
from tests.jobs.conftest import Submit, reread
from tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[..., Any]
QUICK = {"MCAI_LEASE_SECONDS": "3", "MCAI_RECONCILE_SECONDS": "0.2", "MCAI_RETRY_SECONDS": "0.1"}


@pytest.fixture(autouse=True)
def empty_queues() -> None:
    broker.client().delete(*django_settings.MCAI_QUEUES)


@pytest.fixture
def environment(files_folder: Path) -> dict[str, str]:
    return QUICK | {"MCAI_FILES": str(files_folder)}


def wait_for(job: Job, *statuses: Status) -> Job:
    def told() -> str:
        now = reread(job)
        return f"{now.kind} is {now.status} after {now.attempts} attempts: {now.error}"

    eventually(lambda: reread(job).status in statuses, told)
    return reread(job)


def child_of(job: Job) -> int:
    return int(job.worker.rpartition(":")[2])


def test_a_killed_child_gives_its_job_back_and_the_job_is_done(
    start_worker: Start, start_command: Start, submit_job: Submit, environment: dict[str, str], tmp_path: Path
) -> None:
    start_worker("data", environment=environment | {"MCAI_LEASE_SECONDS": "600"})
    start_command("reconcile", environment=environment)
    job = wait_for(submit_job("test-suicide", once=str(tmp_path / "died")), Status.COMPLETED)
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
    job = wait_for(submit_job("test-slow", seconds=600), Status.PROCESSING)
    worker.stop()
    job = reread(job)
    assert (job.status, job.lease_token) == (Status.QUEUED, None)
    assert Attempt.objects.get(job=job).outcome == "released"


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


def test_every_task_goes_to_a_declared_queue() -> None:
    assert {queue.name for queue in app.conf.task_queues} == set(django_settings.MCAI_QUEUES)
    assert app.conf.task_create_missing_queues is False
