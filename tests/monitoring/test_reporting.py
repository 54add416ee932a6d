"""Sentry and OpenTelemetry by setting: servers that speak their protocols see what real processes send."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User

from jobs import broker
from jobs.keys import key_create
from mcai_project.embedded.ports import free_port
from tests.knowledge.servers import Call, Server
from tests.processes import Process, answers, web_argv
from tests.waiting import PATIENCE, eventually

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
PROMPT = "my secret garden"


def accept(call: Call) -> None:
    call.answer_json({})


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(accept)
    yield server
    server.stop()


def body(call: Call) -> bytes:
    """Return what was sent, in whatever encoding the sender found installed."""
    encoding = call.headers.get("Content-Encoding", "identity")
    return httpx.Response(200, headers={"Content-Encoding": encoding}, content=call.body).content


def events(server: Server) -> list[dict[str, Any]]:
    """Return the events of the envelopes that came: a line for the envelope, then a head and a body for each item."""
    found = []
    for call in server.calls:
        if call.path == "/api/1/envelope/":
            lines = [json.loads(line) for line in body(call).splitlines() if line]
            found += [item for head, item in zip(lines[1::2], lines[2::2], strict=True) if head["type"] == "event"]
    return found


def spans(server: Server) -> list[dict[str, Any]]:
    return [
        span
        for call in server.calls
        if call.path == "/v1/traces"
        for resource in call.json["resourceSpans"]
        for scope in resource["scopeSpans"]
        for span in scope["spans"]
    ]


def attributes(span: dict[str, Any]) -> dict[str, Any]:
    return {each["key"]: next(iter(each["value"].values())) for each in span["attributes"]}


@pytest.mark.django_db(transaction=True)
def test_a_crash_goes_to_sentry_and_spans_to_the_collector_and_neither_tells_what_the_client_wrote(
    server: Server,
    start_process: Callable[..., Process],
    start_worker: Callable[..., Process],
    alice: User,
    files_folder: Path,
) -> None:
    broker.client().delete(*django_settings.MCAI_QUEUES)
    _, key = key_create(owner=alice, name="test")
    environment = {
        "MCAI_FILES": str(files_folder),
        "SENTRY_DSN": f"{server.url.replace('//', '//public@')}/1",
        "OTEL_EXPORTER_OTLP_ENDPOINT": server.url,
        "OTEL_EXPORTER_OTLP_HEADERS": "x-team=alpha",
    }
    url = f"http://127.0.0.1:{(port := free_port())}"
    web = start_process(web_argv(port), environment)
    start_worker("data", environment=environment)
    web.wait_until(lambda: answers(f"{url}/livez"), "it answered")

    quoted_by_the_exception = {"counter": f"/nowhere/{PROMPT}", "succeed_at": 1}
    sent = {"jobs": [{"kind": "test-flaky", "body": quoted_by_the_exception}]}
    headers = {"Authorization": f"Bearer {key}", "traceparent": f"00-{TRACE}-{SPAN}-01", "X-Request-ID": "req-9"}
    answer = httpx.post(f"{url}/api/jobs/batch", json=sent, headers=headers, timeout=PATIENCE)
    job_id = answer.json()["jobs"][0]["job_id"]

    (event,) = eventually(lambda: [e for e in events(server) if e["tags"].get("job_id") == job_id][:1])
    assert (event["level"], event["logentry"]["message"]) == ("error", "job.attempt_failed")
    assert event["tags"] == {"job_id": job_id, "request_id": "req-9", "kind": "test-flaky", "attempt": "1"}
    assert event["contexts"]["trace"]["trace_id"] == TRACE
    (raised,) = event["exception"]["values"]
    assert raised["type"] == "FileNotFoundError"
    assert "flaky" in {frame["function"] for frame in raised["stacktrace"]["frames"]}

    ours = eventually(lambda: len(found := [s for s in spans(server) if s["traceId"] == TRACE]) > 1 and found)
    by_kind = {span["kind"]: span for span in ours}
    request, attempt = by_kind[2], by_kind[5]
    assert request["parentSpanId"] == SPAN
    assert request["name"] == "POST api/jobs/batch"
    assert attributes(request)["http.response.status_code"] == "202"
    assert attempt["parentSpanId"] == request["spanId"]
    assert attempt["name"] == "job test-flaky"
    assert attributes(attempt)["job.id"] == job_id
    assert int(attempt["endTimeUnixNano"]) >= int(attempt["startTimeUnixNano"]) >= int(request["startTimeUnixNano"])
    assert {c.headers["x-team"] for c in server.calls if c.path == "/v1/traces"} == {"alpha"}

    everything = b"".join(map(body, server.calls))
    for secret in (PROMPT, key, django_settings.SECRET_KEY, str(django_settings.REDIS_URL)):
        assert secret.encode() not in everything


def run(code: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", f"import django; django.setup()\n{code}"],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "mcai_project.settings"} | environment,
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
    )


SEND_TWO = """
from jobs import tracing
for header in ("00-{trace}-{span}-00", None):
    with tracing.span("a step", tracing.Kind.CLIENT, {{"n": 1, "x": 0.5}}, tracing.go_on(header)):
        pass
"""


def test_who_says_not_to_record_is_obeyed_and_what_waits_is_sent_at_the_end(server: Server) -> None:
    code = SEND_TWO.format(trace=TRACE, span=SPAN)
    done = run(code, OTEL_EXPORTER_OTLP_ENDPOINT=server.url)
    assert done.returncode == 0, done.stderr
    (span,) = spans(server)
    assert span["traceId"] != TRACE
    assert attributes(span) == {"n": "1", "x": 0.5}


def test_a_share_of_the_traces_can_be_recorded(server: Server) -> None:
    code = SEND_TWO.format(trace=TRACE, span=SPAN)
    assert run(code, OTEL_EXPORTER_OTLP_ENDPOINT=server.url, OTEL_TRACES_SAMPLER_ARG="0").returncode == 0
    assert server.calls == []


def test_spans_that_the_collector_could_not_take_are_sent_again(server: Server) -> None:
    def busy(call: Call) -> None:
        call.answer_json({}, status=503)
        server.fault = None

    server.fault = busy
    code = SEND_TWO.format(trace=TRACE, span=SPAN) + "from monitoring import spans; spans.flush()"
    assert run(code, OTEL_EXPORTER_OTLP_ENDPOINT=server.url).returncode == 0
    assert len(server.calls) == 2
    assert len({span["spanId"] for span in spans(server)}) == 1


def test_neither_is_loaded_where_it_is_not_wanted() -> None:
    loaded = (
        "import sys; print([m for m in sys.modules if m in ('sentry_sdk', 'monitoring.spans', 'monitoring.faults')])"
    )
    done = run(loaded, SENTRY_DSN="", OTEL_EXPORTER_OTLP_ENDPOINT="")
    assert done.stdout.strip() == "[]", done.stderr


def test_an_address_of_sentry_that_is_none_stops_the_start_with_a_sentence() -> None:
    done = run("", SENTRY_DSN="nonsense")
    assert done.returncode == 1
    assert "SENTRY_DSN is no address of Sentry's" in done.stderr
