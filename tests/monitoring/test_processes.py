"""One ``/metrics`` for all: real web and worker processes, seen from outside."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User

from jobs import broker
from jobs.keys import key_create
from tests.jobs.conftest import Submit
from tests.monitoring.conftest import value_in
from tests.processes import Process
from tests.waiting import PATIENCE, eventually

pytestmark = pytest.mark.django_db(transaction=True)


def read_until(url: str, key: str, holds: Callable[[str], bool]) -> str:
    """Read ``/metrics`` until what it says holds."""

    def read() -> str:
        answer = httpx.get(f"{url}/metrics", headers={"Authorization": f"Bearer {key}"}, timeout=PATIENCE)
        assert answer.status_code == 200, answer.text
        return answer.text if holds(answer.text) else ""

    return str(eventually(read))


def test_web_shows_what_its_workers_and_those_of_celery_did(
    live_web: str, start_worker: Callable[..., Process], submit_job: Submit, alice: User, files_folder: Path
) -> None:
    broker.client().delete(*django_settings.MCAI_QUEUES, "mcai:workers:data")
    _, key = key_create(owner=alice, name="prometheus")
    worker = start_worker("data", environment={"MCAI_FILES": str(files_folder)})
    done: dict[str, Any] = {"name": "mc_ai_jobs_finished_total", "kind": "test-echo", "status": "completed"}
    before = value_in(read_until(live_web, key, lambda _: True), **done)
    submit_job()
    text = read_until(live_web, key, lambda text: value_in(text, **done) > before)
    assert value_in(text, **done) == before + 1
    assert value_in(text, "mc_ai_job_wait_seconds_count", kind="test-echo") > 0
    assert value_in(text, "mc_ai_requests_total", endpoint="metrics", status="200") > 0

    name = worker.argv[worker.argv.index("-n") + 1].partition("@")[0]
    memory = psutil.Process(worker.pid).memory_info().rss / 2**20
    assert value_in(text, "mc_ai_worker_memory_mb", worker=name, process="0") == pytest.approx(memory, rel=0.2)
    assert value_in(text, "mc_ai_worker_memory_mb", worker=name, process="1") > 10, "the child of the pool"
    assert value_in(text, "mc_ai_worker_memory_mb", worker="web", process="1") > 10, "the second of two"
    assert value_in(text, "mc_ai_workers", queue="data") == 1
