"""Admission: who would wait too long is refused, and told when to come again."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django import Settings
from rest_framework.test import APIClient

from jobs import admission, broker, runner
from jobs.backlog import measure
from jobs.choices import Tier
from jobs.models import Job
from tests.jobs.conftest import Submit, client_of

pytestmark = pytest.mark.django_db(transaction=True)

RUN_SECONDS = 10.0


@pytest.fixture(autouse=True)
def half_a_minute(settings: Settings, submit_job: Submit) -> Iterator[None]:
    """Let a job wait half a minute at most, where such jobs took ten seconds each: three may wait, and no more."""
    broker.client().delete(*django_settings.MCAI_QUEUES)
    settings.MCAI_LONGEST_WAIT = {"data": 30.0}
    settings.MCAI_FAIRNESS_STEP = 0.0
    known_run(submit_job, RUN_SECONDS)
    admission.forget()
    yield
    admission.forget()


def known_run(submit_job: Submit, seconds: float) -> None:
    """Complete a job that is on record as having taken so long."""
    job = submit_job("test-noop")
    runner.run(job.pk, "w:1")
    with connection.cursor() as cursor:
        sql = "UPDATE jobs SET started_at = finished_at - %s * interval '1 second' WHERE id = %s"
        cursor.execute(sql, [seconds, job.pk])


def post(client: APIClient, key: str | None = None, **body: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    jobs = {"jobs": [{"kind": "test-noop", "body": body}]}
    return client.post("/api/jobs/batch", jobs, format="json", headers=headers)


def work_off(number: int) -> None:
    for job in Job.objects.filter(status="queued").order_by("sort_at")[:number]:
        runner.run(job.pk, "w:1")


def look_again() -> None:
    """Let the second pass for which a measurement is good."""
    time.sleep(admission._FRESH_SECONDS + 0.05)


def test_a_job_that_would_wait_too_long_is_refused_with_what_and_when(client: APIClient) -> None:
    statuses = [post(client).status_code for _ in range(6)]
    assert statuses == [202] * 4 + [503] * 2, "behind three jobs the wait is half a minute, behind four it is more"
    refused = post(client)
    assert refused["Content-Type"] == "application/problem+json"
    problem = refused.json()
    assert problem["type"] == "/problems/queue-full"
    assert (problem["queue"], problem["longest_wait_seconds"]) == ("data", 30.0)
    assert problem["estimated_wait_seconds"] == pytest.approx(40.0)
    assert int(refused["Retry-After"]) == 10
    assert Job.objects.filter(status="queued").count() == 4


def test_the_queue_takes_jobs_again_when_it_has_drained(client: APIClient) -> None:
    while post(client).status_code == 202:
        pass
    work_off(2)
    look_again()
    # The jobs that were worked off took no time: the wait is shorter by more than theirs.
    assert post(client).status_code == 202


def test_a_request_that_was_accepted_is_answered_again_however_long_the_queue(client: APIClient) -> None:
    first = post(client, "mine", text="a")
    while post(client).status_code == 202:
        pass
    again = post(client, "mine", text="a")
    assert (again.status_code, again.json()) == (202, first.json())
    assert post(client, "mine", text="b").status_code == 422
    assert post(client, "other", text="a").status_code == 503


def test_ones_own_flood_keeps_nobody_else_out(client: APIClient, bob: User, settings: Settings) -> None:
    settings.MCAI_FAIRNESS_STEP = 5.0
    while (refused := post(client)).status_code == 202:
        pass
    assert "jobs of yours" in refused.json()["detail"]
    assert post(client_of(bob)).status_code == 202


def test_premium_goes_ahead_of_those_who_wait_and_is_let_in(client: APIClient, bob: User) -> None:
    while post(client).status_code == 202:
        pass
    assert post(client_of(bob, Tier.FREE)).status_code == 503
    assert post(client_of(bob, Tier.PREMIUM)).status_code == 202


def test_a_batch_is_refused_whole_and_is_not_in_its_own_way(client: APIClient) -> None:
    batch = {"jobs": [{"kind": "test-noop", "body": {}}] * 20}
    assert client.post("/api/jobs/batch", batch, format="json").status_code == 202, "nobody was waiting"
    look_again()
    mixed = {"jobs": [{"kind": "test-bystander", "body": {}}, {"kind": "test-noop", "body": {}}]}
    assert client.post("/api/jobs/batch", mixed, format="json").status_code == 503
    assert Job.objects.filter(kind="test-bystander").count() == 0


def test_a_file_that_came_with_a_refused_submission_is_not_kept(client: APIClient, files_folder: Path) -> None:
    import_of = {"domain": "poems", "file": SimpleUploadedFile("poems.txt", b"a\nb\n", "text/plain")}
    while post(client).status_code == 202:
        pass
    assert client.post("/api/datasets/import-async", import_of, format="multipart").status_code == 503
    assert [path for path in files_folder.rglob("*") if path.is_file()] == []


def test_other_queues_a_bound_of_zero_and_what_is_submitted_inside_are_not_refused(
    client: APIClient, submit_job: Submit, settings: Settings
) -> None:
    while post(client).status_code == 202:
        pass
    other = {"jobs": [{"kind": "test-bystander", "body": {}}]}
    assert client.post("/api/jobs/batch", other, format="json").status_code == 202
    assert submit_job("test-noop").status == "queued"
    settings.MCAI_LONGEST_WAIT = {"data": 0.0}
    assert post(client).status_code == 202


def test_the_command_says_that_the_queue_is_full_and_can_be_told_to_submit_all_the_same(client: APIClient) -> None:
    while post(client).status_code == 202:
        pass
    with pytest.raises(CommandError, match="--force"):
        call_command("submit", "test-noop")
    before = Job.objects.count()
    call_command("submit", "test-noop", "--force")
    assert Job.objects.count() == before + 1


def test_as_long_as_nothing_is_known_of_run_times_nobody_is_refused(client: APIClient) -> None:
    Job.objects.all().delete()
    assert {post(client).status_code for _ in range(8)} == {202}


def test_a_flood_from_many_threads_is_stopped_near_the_bound(client: APIClient, settings: Settings) -> None:
    settings.MCAI_LONGEST_WAIT = {"data": 500.0}  # fifty jobs

    def flood(_: int) -> list[int]:
        try:
            return [post(client).status_code for _ in range(25)]
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        statuses = [status for each in pool.map(flood, range(8)) for status in each]
    accepted = statuses.count(202)
    assert set(statuses) == {202, 503}
    assert 51 <= accepted <= 51 + 8, "those may slip in that were under way while the last measurement was taken"
    assert Job.objects.filter(status="queued").count() == accepted


def test_the_measurement_is_not_taken_with_every_request(client: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []
    monkeypatch.setattr(admission, "measure", lambda *args, **kwargs: taken.append(1) or measure(*args, **kwargs))
    while post(client).status_code == 202:
        pass
    taken.clear()
    began = time.monotonic()
    assert {post(client).status_code for _ in range(20)} == {503}
    assert len(taken) <= 1 + (time.monotonic() - began) / admission._FRESH_SECONDS


def test_jobs_that_run_at_once_shorten_the_wait(submit_job: Submit) -> None:
    from jobs import lease

    for _ in range(4):
        lease.claim(submit_job("test-noop").pk, "w:1")
    for _ in range(8):
        submit_job("test-noop")
    seen = measure("data", bound=30.0)
    assert (seen.waiting, seen.running) == (8, 4)
    assert seen.wait == pytest.approx(RUN_SECONDS * (8 + 2) / 4)
    assert seen.fits == 30 / RUN_SECONDS * 4 - 2
