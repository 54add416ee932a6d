"""A trace that comes with a request goes on through logs, jobs, workers and the calls that are made."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from pytest_django import Settings
from rest_framework.test import APIClient

from jobs import broker, runner, tracing
from jobs.keys import key_create
from jobs.models import Job
from monitoring.logs import JsonFormatter
from tests.jobs.conftest import reread
from tests.knowledge.servers import Server, llm
from tests.knowledge.shared_cache import own_cache
from tests.processes import Process
from tests.waiting import PATIENCE

__all__ = ["llm", "own_cache"]

pytestmark = pytest.mark.django_db(transaction=True)

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
GIVEN = f"00-{TRACE}-{SPAN}-01"
FAILING = {"jobs": [{"kind": "test-fail", "body": {"how": "permanent"}}]}


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Write the log as production does; call for its lines."""
    handler = logging.StreamHandler(stream := io.StringIO())
    handler.setFormatter(JsonFormatter())
    logging.getLogger("jobs").addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger("jobs").removeHandler(handler)


def submitted(client: APIClient, **headers: str) -> Job:
    answer = client.post("/api/jobs/batch", FAILING, format="json", headers=headers)
    assert answer.status_code == 202, answer.content
    return reread(answer.json()["jobs"][0]["job_id"])


def test_the_job_keeps_the_trace_and_the_request_and_its_log_lines_bear_them(
    client: APIClient, lines: Callable[[], list[dict[str, Any]]]
) -> None:
    job = submitted(client, traceparent=GIVEN, X_Request_ID="req-7")
    version, trace_id, ours, flags = job.traceparent.split("-")
    assert (version, trace_id, flags, job.request_id) == ("00", TRACE, "01", "req-7")
    assert ours != SPAN, "the request is a span of its own"

    runner.run(job.pk, "test")
    (line,) = (line for line in lines() if line["message"] == "job.attempt_failed")
    assert (line["trace_id"], line["request_id"], line["job_id"]) == (TRACE, "req-7", str(job.pk))
    assert line["span_id"] not in {SPAN, ours}, "and so is each attempt"
    assert tracing.trace_var.get() is None, "nothing is left for the next job"


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nonsense",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE}-{SPAN}",
        f"{GIVEN},{GIVEN}",
        f"{GIVEN}\n",
    ],
)
def test_a_header_that_is_none_by_the_standard_begins_a_new_trace(header: str) -> None:
    trace = tracing.go_on(header)
    assert trace.trace_id not in {TRACE, "0" * 32}
    assert trace.parent_id == ""
    assert tracing.go_on(trace.header).trace_id == trace.trace_id


def test_an_invalid_header_does_not_harm_the_request(client: APIClient) -> None:
    job = submitted(client, traceparent="00-nonsense")
    assert tracing.go_on(job.traceparent).parent_id, "what the job keeps is valid"


def test_a_version_of_the_future_is_read_as_far_as_it_is_known() -> None:
    trace = tracing.go_on(f"cc-{TRACE}-{SPAN}-ff-what-the-future-will-be-like")
    assert (trace.trace_id, trace.parent_id, trace.flags) == (TRACE, SPAN, 3)
    assert trace.header.startswith("00-")


def test_what_a_request_asks_of_others_tells_them_of_the_trace(
    llm: Server, own_cache: str, client: APIClient, settings: Settings
) -> None:
    settings.WIKIPEDIA_URL = settings.SEARXNG_URL = ""
    answer = client.post("/api/knowledge/query", {"query": "What?"}, format="json", headers={"traceparent": GIVEN})
    assert answer.json()["source"] == "llm", answer.content
    _, trace_id, span_id, flags = llm.calls[0].headers["traceparent"].split("-")
    assert (trace_id, flags) == (TRACE, "01")
    assert span_id != SPAN


def test_from_the_web_server_to_the_worker_every_line_is_tied_to_the_request(
    live_web: str, start_worker: Callable[..., Process], alice: User, files_folder: Path
) -> None:
    broker.client().delete(*django_settings.MCAI_QUEUES)
    _, key = key_create(owner=alice, name="test")
    worker = start_worker("data", environment={"MCAI_FILES": str(files_folder), "LOG_FORMAT": "json"})
    headers = {"Authorization": f"Bearer {key}", "traceparent": GIVEN, "X-Request-ID": "req-8"}
    answer = httpx.post(f"{live_web}/api/jobs/batch", json=FAILING, headers=headers, timeout=PATIENCE)
    assert answer.headers["X-Request-ID"] == "req-8"
    worker.wait_for("job.attempt_failed")
    (line,) = (json.loads(line) for line in worker.output().splitlines() if "job.attempt_failed" in line)
    assert (line["trace_id"], line["request_id"]) == (TRACE, "req-8")
