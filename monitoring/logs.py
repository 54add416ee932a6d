"""How log lines look: JSON for machines, a readable line for people; each with the request and the job it is about.

Fields that may hold what a client wrote, and secrets wherever they stand, are masked.
"""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from jobs.context import job_id_var, request_id_var
from jobs.tracing import trace_var

MASK = "[redacted]"
PRIVATE = frozenset(
    {"password", "secret", "token", "api_key", "authorization", "cookie"}
    | {"prompt", "text", "texts", "params", "body"}
)

_SECRETS = re.compile(
    r"(?P<before>://[^:/@\s]*:|\bBearer\s+|\b(?:password|secret|token|api_key)['\"]?\s*[=:]\s*['\"]?)[^@\s'\"&,}]+",
    re.IGNORECASE,
)
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


def masked(text: str) -> str:
    """Return the text without passwords in URLs, bearer tokens and the values of secrets."""
    return _SECRETS.sub(rf"\g<before>{MASK}", text)


def fields(record: logging.LogRecord) -> dict[str, Any]:
    """Return what stands beside the message: request, job, trace, and what the caller gave as ``extra``."""
    given = {name: value for name, value in vars(record).items() if name not in _STANDARD}
    context = {"request_id": request_id_var.get(), "job_id": job_id_var.get()}
    if trace := trace_var.get():
        context |= {"trace_id": trace.trace_id, "span_id": trace.span_id}
    found = {name: value for name, value in context.items() if value} | given
    return {name: MASK if name.lower() in PRIVATE else value for name, value in found.items()}


class JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": masked(record.getMessage()),
            "process": record.process,
        }
        line |= {name: masked(value) if isinstance(value, str) else value for name, value in fields(record).items()}
        if record.exc_info:
            line["exception"] = masked(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=lambda value: masked(str(value)))


class ReadableFormatter(logging.Formatter):
    """Time, level, logger, message, fields."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the line without its traceback."""
        beside = "".join(f" {name}={value}" for name, value in fields(record).items())
        return super().formatMessage(record) + beside

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, and its traceback below."""
        return masked(super().format(record))
