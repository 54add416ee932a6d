"""A worker's pool: its children are renewed by count and by memory, and it grows and shrinks between bounds."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from django.conf import settings as django_settings

from jobs import broker
from jobs.choices import Status
from jobs.models import Attempt, Job
from tests.jobs.conftest import Submit, reread
from tests.jobs.test_workers import QUICK, child_of, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[..., Any]


@pytest.fixture(autouse=True)
def empty_queues() -> None:
    broker.client().delete(*django_settings.MCAI_QUEUES)


@pytest.fixture
def environment(files_folder: Path) -> dict[str, str]:
    # Celery looks whether to shrink the pool every two seconds, not every thirty.
    return QUICK | {"MCAI_FILES": str(files_folder), "AUTOSCALE_KEEPALIVE": "2"}


def children_of(jobs: list[Job]) -> list[int]:
    """Return the child that did each job, in the order in which they were done; each at the first attempt."""
    done = [wait_for(job, Status.COMPLETED) for job in jobs]
    assert {job.attempts for job in done} == {1}
    return [child_of(job) for job in sorted(done, key=lambda job: job.finished_at)]


@pytest.mark.parametrize(
    ("limit", "jobs_of_each"),
    [
        ({"MCAI_TASKS_PER_CHILD": "2"}, [2, 1]),
        ({"MCAI_CHILD_MEMORY_MB": "1"}, [1, 1, 1]),
        ({"MCAI_CHILD_MEMORY_MB": "100000"}, [3]),
    ],
)
def test_a_child_is_renewed_after_so_many_jobs_or_above_so_much_memory(
    start_worker: Start,
    submit_job: Submit,
    environment: dict[str, str],
    limit: dict[str, str],
    jobs_of_each: list[int],
) -> None:
    jobs = [submit_job("test-noop") for _ in range(3)]
    start_worker("data", environment=environment | limit)
    children = children_of(jobs)
    assert [children.count(child) for child in dict.fromkeys(children)] == jobs_of_each


def test_a_pool_grows_with_its_queue_shrinks_afterwards_and_gives_back_what_it_holds(
    start_worker: Start, start_command: Start, submit_job: Submit, environment: dict[str, str]
) -> None:
    environment = environment | {"MCAI_SOFT_SHUTDOWN_SECONDS": "0.5", "REMAP_SIGTERM": "SIGQUIT"}
    worker = start_worker("data", "--autoscale=3,1", environment=environment)
    start_command("reconcile", environment=environment)

    def children() -> int:
        return len(psutil.Process(worker.pid).children())

    assert children() == 1
    jobs = [submit_job("test-slow", seconds=2) for _ in range(7)]
    worker.wait_until(lambda: Job.objects.filter(status="processing").count() == 3, "three jobs ran at once")
    assert children() == 3
    children_of(jobs)
    assert set(Attempt.objects.values_list("outcome", flat=True)) == {"completed"}, "no child was taken from its job"
    worker.wait_until(lambda: children() == 1, "the pool had shrunk")

    long = [submit_job("test-slow", seconds=600) for _ in range(3)]
    for job in long:
        wait_for(job, Status.PROCESSING)
    worker.stop()
    assert {reread(job).status for job in long} == {Status.QUEUED}
