"""While the broker is away, submitting works as ever and the web process does the work."""

import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.contrib.auth.models import User

from jobs.keys import key_create
from mcai_project.embedded.ports import free_port
from tests.processes import answers, web_argv
from tests.waiting import PATIENCE, eventually

pytestmark = pytest.mark.django_db(transaction=True)

Start = Callable[..., Any]
JOB = {"jobs": [{"kind": "test-echo", "body": {"text": "by the web process"}}]}


def start_web(start_process: Start, redis_port: int, files_folder: Path) -> str:
    url = f"http://127.0.0.1:{(port := free_port())}"
    environment = {"REDIS_URL": f"redis://127.0.0.1:{redis_port}/0", "MCAI_FILES": str(files_folder)}
    start_process(web_argv(port), environment).wait_until(lambda: answers(f"{url}/livez"), "it answered")
    return url


def submit_and_wait(url: str, alice: User) -> tuple[float, dict[str, Any]]:
    _, key = key_create(owner=alice, name="test")
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=PATIENCE) as client:
        begun = time.monotonic()
        answer = client.post("/api/jobs/batch", json=JOB)
        took = time.monotonic() - begun
        assert answer.status_code == 202, answer.text
        poll = answer.json()["jobs"][0]["poll_url"]
        eventually(lambda: client.get(poll).json()["status"] not in {"queued", "processing"})
        job = client.get(poll).json()
    print(f"accepted after {took:.3f} s")
    return took, job


def test_a_closed_port_neither_delays_a_submission_nor_loses_it(
    start_process: Start, alice: User, files_folder: Path
) -> None:
    url = start_web(start_process, free_port(), files_folder)
    took, job = submit_and_wait(url, alice)
    assert job["status"] == "completed"
    assert took < 6, "what publishing costs with kombu's own retries"


def test_a_broker_that_never_answers_is_not_waited_for_long(
    start_process: Start, alice: User, files_folder: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=100) as hole:
        url = start_web(start_process, hole.getsockname()[1], files_folder)
        took, job = submit_and_wait(url, alice)
    assert job["status"] == "completed"
    assert took < 10
