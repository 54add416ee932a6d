"""Which job and request the running code works for, for the logs."""

from contextvars import ContextVar

job_id_var: ContextVar[str] = ContextVar("job_id", default="")
request_id_var: ContextVar[str] = ContextVar("request_id", default="")
