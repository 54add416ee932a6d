"""Server-sent events: the job's own log, from wherever the client left off."""

import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any
from uuid import UUID

from django.http import StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.views import APIView

from jobs import selectors
from jobs.api import waiting
from jobs.api.problems import Unavailable
from jobs.api.submitting import PROBLEMS
from jobs.api.views import MISSING, own_job
from jobs.choices import TERMINAL

_LONGEST = 300.0
_PING = 15.0
_ENDS = frozenset(str(status) for status in TERMINAL)


class EventStreamRenderer(BaseRenderer):
    """Lets a request that accepts ``text/event-stream`` through; the view streams by itself."""

    media_type = "text/event-stream"
    format = "sse"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        """Render a problem met before the stream began."""
        return json.dumps(data).encode()


class JobEventsView(APIView):
    """The events of one job, as they happen."""

    renderer_classes = (EventStreamRenderer, JSONRenderer)

    @extend_schema(
        operation_id="job_events", tags=["jobs"],
        parameters=[OpenApiParameter("Last-Event-ID", int, OpenApiParameter.HEADER)],
        responses={(200, "text/event-stream"): OpenApiTypes.STR, **PROBLEMS, **MISSING},
    )  # fmt: skip
    def get(self, request: Request, job_id: UUID) -> StreamingHttpResponse:
        """Stream the job's events until it ends; ``Last-Event-ID`` goes on from there."""
        own_job(request, job_id)
        after = request.headers.get("Last-Event-ID") or request.query_params.get("last_event_id") or "0"
        start = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
        hold = ExitStack()
        if not hold.enter_context(waiting.seat()):
            raise Unavailable("All seats for streams are taken; poll, or try again in a few seconds.")
        stream = StreamingHttpResponse(_stream(job_id, start, hold), content_type="text/event-stream")
        stream["Cache-Control"] = "no-store"
        stream["X-Accel-Buffering"] = "no"
        return stream


def _stream(job_id: UUID, after: int, hold: ExitStack) -> Iterator[str]:
    """Yield the events; end with the job, or after a while, upon which clients come again by themselves."""
    started = told = time.monotonic()
    try:
        yield "retry: 1000\n\n"
        while time.monotonic() - started < _LONGEST:
            events = selectors.event_list(job_id=job_id, after=after)
            for event in events:
                after, told = event["id"], time.monotonic()
                yield _frame(event)
            if events and events[-1]["type"] in _ENDS:  # an earlier end was followed by a retry
                return
            if time.monotonic() - told > _PING:
                told = time.monotonic()
                yield ": still here\n\n"
            time.sleep(waiting.next_pause(time.monotonic() - told))
    finally:
        hold.close()


def _frame(event: dict[str, Any]) -> str:
    data = json.dumps({"type": event["type"], "at": event["at"], **event["data"]})
    return f"id: {event['id']}\nevent: {event['type']}\ndata: {data}\n\n"
