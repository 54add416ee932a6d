"""Which job and request the running code works for, for the logs."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from secrets import token_hex

job_id_var: ContextVar[str] = ContextVar("job_id", default="")
request_id_var: ContextVar[str] = ContextVar("request_id", default="")

_GIVEN = re.compile(r"[\w.:-]{1,100}$", re.ASCII)


@contextmanager
def working_for(job_id: str, request_id: str) -> Iterator[None]:
    """Let the body work for a job, and for the request that submitted it."""
    job, request = job_id_var.set(job_id), request_id_var.set(request_id)
    try:
        yield
    finally:
        job_id_var.reset(job)
        request_id_var.reset(request)


def request_id_of(given: str) -> str:
    """Return the id that the client gave its request, or a new one where it gave none that can stand in a log."""
    return given if _GIVEN.match(given) else token_hex(16)
