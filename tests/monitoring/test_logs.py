"""Log lines: structured, tied to request and job, without secrets."""

import json
import logging
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from jobs.context import job_id_var, request_id_var
from monitoring.logs import MASK, JsonFormatter, ReadableFormatter, masked


def record(message: str, *arguments: Any, exc_info: Any = None, **extra: Any) -> logging.LogRecord:
    logger = logging.getLogger("tests.logs")
    return logger.makeRecord(logger.name, logging.INFO, "file.py", 1, message, arguments, exc_info, extra=extra)


def as_json(found: logging.LogRecord) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(JsonFormatter().format(found))
    return line


@pytest.fixture
def context() -> Iterator[None]:
    request, job = request_id_var.set("req-1"), job_id_var.set("job-1")
    yield
    request_id_var.reset(request)
    job_id_var.reset(job)


def test_a_line_in_production_is_one_json_object_with_request_and_job(context: None) -> None:
    line = as_json(record("job.done in %s s", 3, kind="art"))
    assert line["message"] == "job.done in 3 s"
    assert line["level"] == "INFO"
    assert line["logger"] == "tests.logs"
    assert (line["request_id"], line["job_id"], line["kind"]) == ("req-1", "job-1", "art")
    assert line["time"].endswith("+00:00")


def test_a_line_in_development_reads_as_one(context: None) -> None:
    text = ReadableFormatter().format(record("job.done", kind="art"))
    assert text.endswith("INFO    tests.logs: job.done request_id=req-1 job_id=job-1 kind=art")


def test_outside_of_requests_and_jobs_nothing_is_made_up() -> None:
    assert not {"request_id", "job_id"} & set(as_json(record("start")))


@pytest.mark.parametrize(
    "text",
    [
        "redis://:hidden@host:1/0",
        "cannot connect to postgresql://mcai:hidden@localhost/x",
        "Authorization: Bearer hidden",
        "{'password': 'hidden'}",
        "api_key=hidden&x=1",
    ],
)
def test_secrets_are_masked_wherever_they_stand(text: str) -> None:
    assert "hidden" not in masked(text)
    assert "hidden" not in ReadableFormatter().format(record("%s", text))
    assert "hidden" not in JsonFormatter().format(record("failed", error=text))


def test_what_a_client_wrote_is_masked(context: None) -> None:
    line = as_json(record("job.accepted", prompt="my secret garden", params={"text": "mine"}))
    assert line["prompt"] == line["params"] == MASK
    assert "garden" not in ReadableFormatter().format(record("job.accepted", prompt="my secret garden"))


def test_a_traceback_is_part_of_its_line_and_masked() -> None:
    try:
        raise ValueError("redis://:hidden@host")
    except ValueError:
        line = as_json(record("failed", exc_info=sys.exc_info()))
    assert "Traceback" in line["exception"]
    assert "hidden" not in line["exception"]


def test_ordinary_text_stays_as_it_is() -> None:
    assert masked("GET https://host/path took 3 s: 5 tokens") == "GET https://host/path took 3 s: 5 tokens"
