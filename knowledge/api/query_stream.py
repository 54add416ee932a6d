"""A reply as server-sent events: ``piece`` and ``restart`` while a model writes, then ``answer`` or ``problem``."""

import json
import queue
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

from django.db import connections
from django.http import StreamingHttpResponse

from jobs.api import waiting
from jobs.api.problems import Unavailable, problem
from knowledge.answers.asking import Ask, ask
from knowledge.answers.representation import attempts, reply_body
from knowledge.answers.searching import NoAnswer
from knowledge.cache.errors import Unobtainable

_PING_SECONDS = 15.0

Event = tuple[str, dict[str, Any]]


class _Ear:
    """Puts what it hears into a queue."""

    def __init__(self, events: "queue.Queue[Event | None]") -> None:
        self._events = events

    def piece(self, text: str) -> None:
        self._events.put(("piece", {"text": text}))

    def restart(self) -> None:
        self._events.put(("restart", {}))


def stream_response(asked: Ask) -> StreamingHttpResponse:
    """Answer beside the request, and tell of it as it goes.

    Raises
    ------
    Unavailable
        Where all seats for streams are taken.
    """
    hold = ExitStack()
    if not hold.enter_context(waiting.seat()):
        raise Unavailable("All seats for streams are taken; ask without a stream, or again in a few seconds.")
    response = StreamingHttpResponse(_frames(asked, hold), content_type="text/event-stream")
    response["Cache-Control"], response["X-Accel-Buffering"] = "no-store", "no"
    return response


def _frames(asked: Ask, hold: ExitStack) -> Iterator[str]:
    events: queue.Queue[Event | None] = queue.Queue()
    with hold:
        threading.Thread(target=_answer, args=(asked, events), name="answer", daemon=True).start()
        while True:
            try:
                event = events.get(timeout=_PING_SECONDS)
            except queue.Empty:
                yield ": still here\n\n"
                continue
            if event is None:
                return
            yield f"event: {event[0]}\ndata: {json.dumps(event[1])}\n\n"


def _answer(asked: Ask, events: "queue.Queue[Event | None]") -> None:
    listening = replace(asked, question=replace(asked.question, listener=_Ear(events)))
    try:
        events.put(("answer", reply_body(ask(listening))))
    except Unobtainable as error:
        more = {"sources": attempts(error.answer)} if isinstance(error, NoAnswer) else {}
        events.put(("problem", problem(503, str(error), code="no-answer", **more)))
    except Exception:
        events.put(("problem", problem(500, "Something went wrong on our side; it was logged.")))
        raise
    finally:
        events.put(None)
        connections.close_all()
