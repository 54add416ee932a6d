"""Spans go to a collector, in OpenTelemetry's protocol (OTLP over HTTP, in JSON): a queue and one thread a process.

By hand and not by OpenTelemetry's SDK: where that is installed, the Redis client imports it in every process, half a
second of each start, whether anybody wants spans or not. What does not fit into the queue, or finds the collector away
for long, is dropped: no request and no job waits for it.
https://opentelemetry.io/docs/specs/otlp/#otlphttp
"""

import atexit
import logging
import os
import socket
import threading
import time
from collections import deque
from typing import Any

from celery import signals
from django.conf import settings

from jobs import tracing
from jobs.tracing import Attributes, Kind, Span

log = logging.getLogger(__name__)

MOST_WAITING, BATCH = 4096, 512
EVERY_SECONDS, PATIENCE_SECONDS = 2.0, 5.0
_KINDS = {Kind.SERVER: 2, Kind.CLIENT: 3, Kind.CONSUMER: 5}
_PASSING = {429, 502, 503, 504}


class Sender:
    """What one process has to send; its thread starts with the first span."""

    def __init__(self) -> None:
        self._waiting: deque[Span] = deque(maxlen=MOST_WAITING)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def take(self, span: Span) -> None:
        """Queue a span; where the queue is full, its oldest gives way."""
        self._waiting.append(span)
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="spans", daemon=True)
                    self._thread.start()

    def flush(self) -> None:
        """Send what waits, a batch after the other, until one is not taken."""
        while batch := self._next_batch():
            if not _post(batch):
                self._waiting.extendleft(reversed(batch[: MOST_WAITING - len(self._waiting)]))
                return

    def _next_batch(self) -> list[Span]:
        with self._lock:
            return [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]

    def _run(self) -> None:
        while True:
            time.sleep(EVERY_SECONDS)
            self.flush()


_sender = Sender()


def start() -> None:
    """Send the spans of this process, and of those that it forks."""
    tracing.record_with(_take, settings.OTEL_SHARE)
    os.register_at_fork(after_in_child=_begin_anew)
    atexit.register(flush)
    signals.worker_process_shutdown.connect(flush)


def _take(span: Span) -> None:
    _sender.take(span)


def flush(**_: Any) -> None:
    """Send what waits in this process, which is about to end."""
    _sender.flush()


def _begin_anew() -> None:
    global _sender  # noqa: PLW0603 - what waits is the parent's to send, and its thread did not come along
    _sender = Sender()


def _post(batch: list[Span]) -> bool:
    """Send a batch; False where it is worth trying again."""
    import httpx  # here: web processes start without an HTTP client

    url = f"{settings.OTEL_ENDPOINT}/v1/traces"
    try:
        answer = httpx.post(url, json=_request(batch), headers=settings.OTEL_HEADERS, timeout=PATIENCE_SECONDS)
    except httpx.HTTPError as error:
        log.warning("spans.collector_away", extra={"error": type(error).__name__})
        return False
    if not answer.is_success:
        log.warning("spans.refused", extra={"status": answer.status_code})
    return answer.status_code not in _PASSING


def _request(batch: list[Span]) -> dict[str, Any]:
    resource = {
        "service.name": settings.OTEL_SERVICE_NAME,
        "service.version": str(settings.SPECTACULAR_SETTINGS["VERSION"]),
        "service.instance.id": f"{socket.gethostname()}:{os.getpid()}",
    }
    scope = {"scope": {"name": "mc_ai"}, "spans": [_as_json(span) for span in batch]}
    return {"resourceSpans": [{"resource": {"attributes": _attributes(resource)}, "scopeSpans": [scope]}]}


def _as_json(span: Span) -> dict[str, Any]:
    fault = {"error.type": span.error} if span.error else {}
    return {
        "traceId": span.trace.trace_id,
        "spanId": span.trace.span_id,
        "parentSpanId": span.trace.parent_id,
        "flags": span.trace.flags,
        "name": span.name,
        "kind": _KINDS[span.kind],
        "startTimeUnixNano": str(span.began),
        "endTimeUnixNano": str(span.ended),
        "attributes": _attributes({**span.attributes, **fault}),
        "status": {"code": 2} if span.error else {},
    }


def _attributes(given: Attributes) -> list[dict[str, Any]]:
    return [{"key": name, "value": _value(value)} for name, value in given.items()]


def _value(value: str | int | float) -> dict[str, Any]:
    if isinstance(value, int):
        return {"intValue": str(value)}
    return {"doubleValue": value} if isinstance(value, float) else {"stringValue": value}
