"""Caps: at most so many jobs of a kind at once, whoever works; the others of the queue pass by."""

import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.core.checks import run_checks
from django.db import connection
from pytest_django import Settings

from jobs import broker, dispatch, fallback, lease, publisher, reconcile, runner
from jobs.backlog import measure
from jobs.caps import caps
from jobs.choices import Outcome, Status
from jobs.models import Attempt, Job
from jobs.outcome import Outcome as JobOutcome
from jobs.registry import Kind, register, unregister
from tests.jobs.conftest import Submit, reread
from tests.jobs.test_workers import QUICK, wait_for

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[..., Any]
CAPPED = "test-slow"


@pytest.fixture(autouse=True)
def two_at_once(settings: Settings) -> None:
    broker.client().delete(*django_settings.MCAI_QUEUES)
    settings.MCAI_KIND_CAPS = {CAPPED: 2}


@pytest.fixture
def environment(files_folder: Path) -> dict[str, str]:
    return QUICK | {"MCAI_FILES": str(files_folder), "MCAI_KIND_CAPS": f"{CAPPED}=2"}


def most_at_once(kind: str) -> int:
    """Return how many attempts at jobs of the kind went on at the same time, at most."""
    spans = Attempt.objects.filter(job__kind=kind, finished_at__isnull=False).values_list("started_at", "finished_at")
    changes = sorted([(began, 1) for began, _ in spans] + [(ended, -1) for _, ended in spans])
    return max(sum(change for _, change in changes[: index + 1]) for index in range(len(changes)))


def claim_all(jobs: list[Job], threads: int) -> list[UUID]:
    """Claim the jobs from so many threads at the same moment; return which of them were had."""
    together = threading.Barrier(threads)

    def claim(part: list[Job]) -> list[UUID]:
        try:
            together.wait()
            return [job.pk for job in part if lease.claim(job.pk, "w:1") is not None]
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return [job_id for had in pool.map(claim, [jobs[n::threads] for n in range(threads)]) for job_id in had]


def test_workers_keep_to_the_cap_and_other_jobs_pass_by(
    start_worker: Start, start_command: Start, submit_job: Submit, environment: dict[str, str]
) -> None:
    capped = [submit_job(CAPPED, seconds=0.4) for _ in range(8)]
    others = [submit_job("test-noop") for _ in range(8)]
    for _ in range(2):
        start_worker("data", "--concurrency=3", environment=environment)
    start_command("reconcile", environment=environment)
    for job in [*capped, *others]:
        wait_for(job, Status.COMPLETED)
    assert most_at_once(CAPPED) == 2
    began = sorted(reread(job).started_at for job in capped)
    assert max(reread(job).finished_at for job in others) < began[4], "they were submitted after all of the capped"


def test_claims_at_the_same_moment_do_not_exceed_the_cap(submit_job: Submit, settings: Settings) -> None:
    for cap in (1, 2, 3):
        settings.MCAI_KIND_CAPS = {"test-noop": cap}
        for _ in range(5):
            jobs = [submit_job("test-noop") for _ in range(12)]
            assert len(claim_all(jobs, threads=6)) == cap
            Job.objects.all().delete()


def test_a_killed_worker_frees_its_slot(
    start_worker: Start, start_command: Start, submit_job: Submit, environment: dict[str, str]
) -> None:
    environment = environment | {"MCAI_KIND_CAPS": f"{CAPPED}=1"}
    first = start_worker("data", environment=environment)
    start_command("reconcile", environment=environment)
    holder = wait_for(submit_job(CAPPED, seconds=1), Status.PROCESSING)
    next_one = submit_job(CAPPED, seconds=0)
    os.killpg(first.pid, signal.SIGKILL)
    start_worker("data", environment=environment)
    wait_for(next_one, Status.COMPLETED)
    wait_for(holder, Status.COMPLETED)
    assert most_at_once(CAPPED) == 1


@pytest.mark.parametrize("ending", ["completed", "failed", "cancelled", "retried", "lost"])
def test_whatever_ends_an_attempt_frees_the_slot(submit_job: Submit, settings: Settings, ending: str) -> None:
    settings.MCAI_KIND_CAPS = {"test-noop": 1}
    holder, waiting = submit_job("test-noop"), submit_job("test-noop")
    held = lease.claim(holder.pk, "w:1")
    assert held is not None
    assert lease.claim(waiting.pk, "w:2") is None
    if ending == "retried":
        lease.give_back(held, Outcome.RETRIED, delay=60)
    elif ending == "lost":
        Job.objects.filter(pk=holder.pk).update(lease_until=holder.created_at)
        reconcile.reconcile()
    else:
        lease.end(held, Status(ending), result={})
    assert lease.claim(waiting.pk, "w:2") is not None


def test_those_over_the_cap_take_no_place_in_the_window(submit_job: Submit) -> None:
    for _ in range(6):
        submit_job(CAPPED, seconds=0)
    assert publisher.queue_lengths(["data"]) == {"data": 2}
    capped = list(Job.objects.filter(kind=CAPPED).order_by("sort_at"))
    for job in capped[:2]:
        assert lease.claim(job.pk, "w:1") is not None
    assert dispatch.fill("data") == 0, "both slots are taken"
    broker.client().delete("data")
    others = [submit_job("test-noop") for _ in range(2)]
    assert publisher.queue_lengths(["data"]) == {"data": 2}
    assert all(reread(job).dispatched_at for job in others)
    assert measure("data").waiting == 4 + 2


def test_the_next_of_the_kind_is_sent_when_one_has_ended(submit_job: Submit, settings: Settings) -> None:
    settings.MCAI_KIND_CAPS = {CAPPED: 1}
    first, second = submit_job(CAPPED, seconds=0), submit_job(CAPPED, seconds=0)
    assert reread(second).dispatched_at is None
    runner.run(first.pk, "w:1")
    assert reread(second).dispatched_at is not None


def test_a_kind_may_bring_its_cap_and_the_setting_has_the_last_word(settings: Settings) -> None:
    kind = Kind("test-single", "data", dict, lambda params, progress: JobOutcome({}), most_at_once=1)
    register(kind)
    try:
        assert caps() == {CAPPED: 2, "test-single": 1}
        settings.MCAI_KIND_CAPS = {"test-single": 0}
        assert caps() == {}
    finally:
        unregister("test-single")


def test_a_cap_of_a_kind_that_does_not_exist_is_a_mistake_that_is_told(settings: Settings) -> None:
    assert run_checks() == []
    settings.MCAI_KIND_CAPS = {"art": 1, "arts": 2}
    (error,) = run_checks()
    assert error.id == "jobs.E001"
    assert "'arts'" in error.msg


def test_a_job_that_was_sent_before_its_kind_had_a_cap_is_set_aside(submit_job: Submit, settings: Settings) -> None:
    holder, sent, other = (submit_job("test-noop"), submit_job("test-noop"), submit_job("test-echo"))
    assert lease.claim(holder.pk, "w:1") is not None
    settings.MCAI_KIND_CAPS = {"test-noop": 1}
    assert runner.run(sent.pk, "w:2") is None
    assert (reread(sent).dispatched_at, reread(sent).capped) == (None, True)
    assert reread(other).dispatched_at is not None, "the window goes to a job that can run"


def test_a_cap_that_is_lifted_lets_all_go(submit_job: Submit, settings: Settings) -> None:
    holders = [submit_job(CAPPED, seconds=0) for _ in range(2)]
    assert all(lease.claim(job.pk, "w:1") for job in holders)
    waiting = submit_job(CAPPED, seconds=0)
    assert reconcile.reconcile().dispatched == 0
    settings.MCAI_KIND_CAPS = {CAPPED: 0}
    assert reconcile.reconcile().dispatched == 1
    assert runner.run(waiting.pk, "w:2") == Status.COMPLETED


def test_the_web_process_steps_over_kinds_at_their_cap_while_the_broker_is_away(submit_job: Submit) -> None:
    holders = [submit_job(CAPPED, seconds=0) for _ in range(2)]
    assert all(lease.claim(job.pk, "w:1") for job in holders)
    over, other = submit_job(CAPPED, seconds=0), submit_job("test-noop")
    assert fallback._work_one("web:1") is True
    assert (reread(over).status, reread(other).status) == (Status.QUEUED, Status.COMPLETED)
    assert fallback._work_one("web:1") is False
