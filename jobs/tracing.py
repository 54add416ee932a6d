"""W3C Trace Context: the trace that the running code is part of, from the request over the job to the calls it makes.

A trace comes with a request's ``traceparent``, or begins with the request. The job's row keeps it, so that whichever
worker takes the job, whenever, goes on with it. https://www.w3.org/TR/trace-context/
"""

import os
import random
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

_HEADER = re.compile(
    r"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.ASCII
)
_SAMPLED, _KNOWN_FLAGS = 1, 3


Attributes = Mapping[str, str | int | float]


class Trace(NamedTuple):
    """A place in a trace: the span at work, and the one that caused it ('' for none)."""

    trace_id: str
    span_id: str
    parent_id: str
    flags: int

    @property
    def header(self) -> str:
        """The ``traceparent`` that tells others of this place."""
        return f"00-{self.trace_id}-{self.span_id}-{self.flags:02x}"

    @property
    def is_sampled(self) -> bool:
        """Whether the trace is one of those that are recorded."""
        return bool(self.flags & _SAMPLED)

    def child(self) -> "Trace":
        """Return the place of a new span that this one causes."""
        return Trace(self.trace_id, os.urandom(8).hex(), self.span_id, self.flags)


class Kind(Enum):
    """What a span is, seen from us."""

    SERVER = "server"
    CLIENT = "client"
    CONSUMER = "consumer"


@dataclass(frozen=True, slots=True)
class Span:
    """A span that has ended; times in nanoseconds since 1970. ``error`` names what went wrong."""

    trace: Trace
    name: str
    kind: Kind
    began: int
    ended: int
    attributes: Attributes
    error: str | None = None


Record = Callable[[Span], None]

trace_var: ContextVar[Trace | None] = ContextVar("trace", default=None)

_record: Record | None = None
_share = 0.0


def record_with(record: Record | None, share: float = 1.0) -> None:
    """Let this process hand its spans to ``record``: those of the given share of the traces that begin with us."""
    global _record, _share
    _record, _share = record, share if record else 0.0


def is_recording() -> bool:
    """Say whether anybody takes the spans."""
    return _record is not None


def begin() -> Trace:
    """Return the first place of a new trace."""
    ids = os.urandom(24).hex()
    return Trace(ids[:32], ids[32:], "", _SAMPLED if _share and random.random() < _share else 0)


def go_on(header: str | None) -> Trace:
    """Return a place in the trace that ``header`` names, or in a new one where it names none by the standard."""
    found = _HEADER.fullmatch(header) if header else None
    if found is None or (found[1] == "00" and found[5]):
        return begin()
    return Trace(found[2], os.urandom(8).hex(), found[3], int(found[4], 16) & _KNOWN_FLAGS)


def current() -> Trace:
    """Return the place of the running code; where it has none, that of a new trace."""
    return trace_var.get() or begin()


def tell(span: Span) -> None:
    """Hand a span that has ended to whoever records."""
    if _record is not None and span.trace.is_sampled:
        _record(span)


@contextmanager
def span(name: str, kind: Kind, attributes: Attributes, trace: Trace | None = None) -> Iterator[Trace]:
    """Run the body in a span of its own: at ``trace``, or below the running code's."""
    place = trace or current().child()
    reset, began, error = trace_var.set(place), time.time_ns(), None
    try:
        yield place
    except BaseException as fault:
        error = type(fault).__name__
        raise
    finally:
        trace_var.reset(reset)
        if _record is not None:
            tell(Span(place, name, kind, began, time.time_ns(), attributes, error))
