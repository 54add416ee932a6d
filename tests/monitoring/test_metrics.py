"""``/metrics``: do the thing, and see the number move."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from pytest_django import Settings
from rest_framework.test import APIClient

from jobs import admission, broker, cancel, lease, runner
from jobs.choices import Tier
from jobs.models import Job
from monitoring.metrics import recorder as recorders
from monitoring.metrics import shared
from tests.jobs.conftest import Submit, client_of
from tests.monitoring.conftest import Read, metrics_text, value_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def empty_queues() -> None:
    broker.client().delete(*django_settings.MCAI_QUEUES)


def test_who_does_not_say_who_they_are_learns_nothing() -> None:
    assert APIClient().get("/metrics").status_code == 401


def test_a_scraper_with_an_api_key_of_an_ordinary_user_is_answered_in_prometheus_format(client: APIClient) -> None:
    accept = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;version=0.0.4;q=0.2,*/*;q=0.1"
    answer = client.get("/metrics", headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")


def test_requests_are_counted_by_the_pattern_of_their_route(client: APIClient, read: Read, submit_job: Submit) -> None:
    job = submit_job("test-noop")
    name, labels = "mc_ai_requests_total", {"endpoint": "api/job/<uuid:job_id>", "method": "GET", "status": "200"}
    before = read(name, **labels)
    assert client.get(f"/api/job/{job.pk}").status_code == 200
    assert client.get(f"/api/job/{job.pk}?wait=0").status_code == 200
    assert read(name, **labels) == before + 1, "a plain poll, which is answered ahead of the resolver"
    assert read(name, endpoint="api/job/<uuid:job_id> (waiting)") >= 1


def test_what_no_route_matches_is_one_endpoint_however_many_paths_are_tried(client: APIClient, read: Read) -> None:
    before = read("mc_ai_requests_total", endpoint="unmatched", status="404")
    for _ in range(3):
        client.get(f"/{uuid4()}")
    assert read("mc_ai_requests_total", endpoint="unmatched", status="404") == before + 3


def test_the_time_of_requests_is_a_histogram_by_endpoint(client: APIClient, read: Read) -> None:
    before = read("mc_ai_request_duration_seconds_count", endpoint="api/system/stats")
    client.get("/api/system/stats")
    assert read("mc_ai_request_duration_seconds_count", endpoint="api/system/stats") == before + 1
    assert read("mc_ai_request_duration_seconds_sum", endpoint="api/system/stats") > 0


def test_a_job_is_counted_from_its_acceptance_to_its_end(read: Read, submit_job: Submit) -> None:
    names = {
        "mc_ai_jobs_submitted_total": {"kind": "test-echo"},
        "mc_ai_jobs_finished_total": {"kind": "test-echo", "status": "completed"},
        "mc_ai_job_wait_seconds_count": {"kind": "test-echo"},
        "mc_ai_job_run_seconds_count": {"kind": "test-echo"},
    }
    before = {name: read(name, **labels) for name, labels in names.items()}
    runner.run(submit_job().pk, "test")
    assert {name: read(name, **labels) - before[name] for name, labels in names.items()} == dict.fromkeys(names, 1)


def test_failures_that_are_tried_again_and_those_that_are_not_are_told_apart(read: Read, submit_job: Submit) -> None:
    def counts() -> tuple[float, float]:
        failed = read("mc_ai_jobs_finished_total", status="failed", kind="test-fail")
        return read("mc_ai_jobs_retried_total", kind="test-fail"), failed

    retried, failed = counts()
    runner.run(submit_job("test-fail", how="transient").pk, "test")
    assert counts() == (retried + 1, failed)
    runner.run(submit_job("test-fail", how="permanent").pk, "test")
    assert counts() == (retried + 1, failed + 1)


def test_a_job_that_is_cancelled_while_it_waits_has_ended_too(read: Read, submit_job: Submit) -> None:
    before = read("mc_ai_jobs_finished_total", status="cancelled", kind="test-noop")
    cancel.cancel(submit_job("test-noop").pk)
    assert read("mc_ai_jobs_finished_total", status="cancelled", kind="test-noop") == before + 1


def test_a_submission_that_is_rolled_back_was_none(alice: User, read: Read) -> None:
    before = read("mc_ai_jobs_submitted_total")
    batch = {"jobs": [{"kind": "test-noop", "body": {}}, {"kind": "test-noop", "body": {"bad": 1}}]}
    assert client_of(alice).post("/api/jobs/batch", batch, format="json").status_code in {400, 422}
    assert read("mc_ai_jobs_submitted_total") == before


def test_a_submission_that_is_refused_is_counted_by_queue_and_reason(
    client: APIClient, read: Read, submit_job: Submit, settings: Settings
) -> None:
    settings.MCAI_LONGEST_WAIT = {"data": 0.001}
    runner.run(submit_job("test-slow", seconds=0.1).pk, "test")
    for _ in range(2):
        submit_job("test-slow", seconds=0.1)
    admission.forget()
    before = read("mc_ai_jobs_refused_total", queue="data", reason="wait")
    body = {"jobs": [{"kind": "test-slow", "body": {"seconds": 0.1}}]}
    assert client.post("/api/jobs/batch", body, format="json").status_code == 503
    admission.forget()
    assert read("mc_ai_jobs_refused_total", queue="data", reason="wait") == before + 1


def test_the_work_that_waits_shows_in_seconds(client: APIClient, read: Read, submit_job: Submit) -> None:
    done = submit_job("test-slow", seconds=0)
    runner.run(done.pk, "test")
    Job.objects.filter(pk=done.pk).update(
        started_at=done.created_at, finished_at=done.created_at + timedelta(seconds=10)
    )
    for _ in range(3):
        submit_job("test-slow", seconds=0)
    assert read("mc_ai_queue_work_seconds", queue="data") == pytest.approx(30)
    assert read("mc_ai_queue_wait_seconds", queue="data") == pytest.approx(30)
    running = Job.objects.filter(status="queued").order_by("sort_at").values_list("pk", flat=True)[:2]
    assert all(lease.claim(job_id, "w:1") for job_id in list(running))
    assert read("mc_ai_queue_work_seconds", queue="data") == pytest.approx(10 + 2 * 10 / 2)
    assert read("mc_ai_queue_wait_seconds", queue="data") == pytest.approx((10 + 2 * 10 / 2) / 2)
    assert read("mc_ai_queue_work_seconds", queue="art") == 0
    figures = client.get("/api/system/stats").json()["queues"]["data"]
    assert figures["estimated_wait_seconds"] == pytest.approx(10)
    assert figures["work_seconds"] == pytest.approx(20)
    assert figures["longest_wait_seconds"] == django_settings.MCAI_LONGEST_WAIT["data"]


def test_waiting_jobs_show_by_queue_and_tier_and_so_do_their_messages(read: Read, submit_job: Submit) -> None:
    for tier in (Tier.FREE, Tier.FREE, Tier.PREMIUM):
        submit_job("test-noop", of={"tier": tier})
    in_flight = "mc_ai_jobs_in_flight"
    assert read(in_flight, queue="data", tier="free", status="queued") == 2
    assert read(in_flight, queue="data", tier="premium", status="queued") == 1
    assert read(in_flight, queue="data", tier="standard") == 0
    assert read("mc_ai_queue_oldest_seconds", queue="data") > 0
    assert read("celery_queue_length", queue_name="data") == django_settings.MCAI_DISPATCH_WINDOW


def test_messages_of_other_priorities_and_unacknowledged_ones_count(read: Read) -> None:
    client = broker.client()
    client.rpush("art", "{}")
    client.rpush("art\x06\x166", "{}")
    client.hset("unacked", "tag", '[{"body": ""}, "art", "art"]')
    try:
        assert read("celery_queue_length", queue_name="art") == 3
    finally:
        client.delete("art", "art\x06\x166", "unacked")


def test_a_stuck_job_shows(read: Read, submit_job: Submit) -> None:
    job = submit_job("test-noop")
    now = job.created_at
    Job.objects.filter(pk=job.pk).update(status="processing", lease_until=now.replace(year=now.year - 1))
    assert read("mc_ai_jobs_stuck", queue="data") == 1


def test_no_label_is_an_id_of_a_user_or_a_job(client: APIClient, submit_job: Submit) -> None:
    job = submit_job()
    client.get(f"/api/job/{job.pk}")
    client.get(f"/api/job/{job.pk}/nothing")
    runner.run(job.pk, "test")
    text = metrics_text(client)
    assert str(job.pk) not in text
    assert "alice" not in text


def test_what_a_process_counted_outlives_it_and_its_files_do_not(tmp_path: Path) -> None:
    count = f"""
from pathlib import Path
from monitoring.metrics import shared
shared.enable(Path({str(tmp_path)!r}))
from monitoring.metrics.prometheus import Prometheus
recorder = Prometheus()
recorder.submitted("art")
recorder.claimed("art", 0.3)
"""
    for _ in range(3):
        subprocess.run([sys.executable, "-c", count], check=True, cwd=django_settings.BASE_DIR)
    for _ in range(2):  # reading twice changes nothing
        samples = {(s.name, s.labels.get("le")): s.value for family in shared.read(tmp_path) for s in family.samples}
        assert samples["mc_ai_jobs_submitted_total", None] == 3
        assert samples["mc_ai_job_wait_seconds_bucket", "0.25"] == 0
        assert samples["mc_ai_job_wait_seconds_bucket", "0.5"] == 3
        assert samples["mc_ai_job_wait_seconds_sum", None] == pytest.approx(0.9)
    assert sorted(path.name for path in tmp_path.glob("*.db")) == ["counter_0.db", "histogram_0.db"]


def test_what_was_counted_is_there_for_others_within_a_second(tmp_path: Path) -> None:
    _run_to_the_end(tmp_path, "recorder.submitted('art')\ntime.sleep(0.9)\nos.kill(os.getpid(), signal.SIGKILL)")
    assert _total(tmp_path, "mc_ai_jobs_submitted_total") == 1


def test_a_forked_process_does_not_count_again_what_its_parent_did(tmp_path: Path) -> None:
    fork = "if not os.fork():\n    recorder.submitted('art')\n    sys.exit()\nos.wait()"
    _run_to_the_end(tmp_path, f"recorder.submitted('art')\n{fork}")
    assert _total(tmp_path, "mc_ai_jobs_submitted_total") == 2


def test_a_child_of_a_worker_writes_its_last_counts_though_it_ends_at_once(tmp_path: Path) -> None:
    end = "signals.worker_process_shutdown.send(None)\nos._exit(0)"
    _run_to_the_end(tmp_path, f"from celery import signals\nrecorder.finished('art', 'completed')\n{end}")
    assert _total(tmp_path, "mc_ai_jobs_finished_total") == 1


def _run_to_the_end(folder: Path, code: str) -> None:
    """Run code that has a recorder of its own, in a process of its own."""
    head = f"""
import os, signal, sys, time
from pathlib import Path
from monitoring.metrics import shared
shared.enable(Path({str(folder)!r}))
from monitoring.metrics.prometheus import Prometheus
recorder = Prometheus()
"""
    subprocess.run([sys.executable, "-c", head + code], check=False, cwd=django_settings.BASE_DIR, timeout=60)


def _total(folder: Path, name: str) -> float:
    return sum(s.value for family in shared.read(folder) for s in family.samples if s.name == name)


def test_gauges_that_a_program_with_our_environment_left_do_no_harm(tmp_path: Path) -> None:
    (tmp_path / "gauge_all_4194305.db").write_bytes(b"\0" * 64)  # a process id above the greatest of Linux
    (tmp_path / "gauge_0.db").write_bytes(b"\0" * 64)
    assert shared.read(tmp_path) == []


def test_without_metrics_nothing_is_counted_and_nothing_breaks(settings: Settings, client: APIClient) -> None:
    settings.MCAI_METRICS = False
    recorders.recorder.cache_clear()
    try:
        assert isinstance(recorders.recorder(), recorders.Nothing)
        recorders.recorder().request("x", "GET", 200, 0.1)
        assert metrics_text(client) == ""
    finally:
        recorders.recorder.cache_clear()


def test_a_database_that_is_away_hides_its_own_metrics_alone(
    client: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from monitoring import collectors, exposition

    def away() -> None:
        raise OperationalError("away")

    monkeypatch.setattr(exposition, "COLLECTORS", {**collectors.COLLECTORS, "jobs": away})
    text = metrics_text(client)
    assert value_in(text, "mc_ai_collector_up", group="jobs") == 0
    assert value_in(text, "mc_ai_collector_up", group="broker") == 1
    assert "mc_ai_jobs_in_flight" not in text
