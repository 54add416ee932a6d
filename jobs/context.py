"""Which job and request the running code works for, for the logs."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

job_id_var: ContextVar[str] = ContextVar("job_id", default="")
request_id_var: ContextVar[str] = ContextVar("request_id", default="")


@contextmanager
def working_for(job_id: str, request_id: str) -> Iterator[None]:
    """Let the body work for a job, and for the request that submitted it."""
    job, request = job_id_var.set(job_id), request_id_var.set(request_id)
    try:
        yield
    finally:
        job_id_var.reset(job)
        request_id_var.reset(request)
