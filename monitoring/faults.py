"""Errors in the log go to Sentry too, of each what helps to find it and nothing that a client wrote.

What is sent is made anew from what may be: the constant text of the line, the types of the exceptions and their stacks
without variables, the request, the job and the trace. An exception's own words may quote a prompt, so they stay in
our log, where the ids find them.
"""

from collections.abc import Mapping
from typing import Any

from celery import signals
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from jobs.context import job_id_var, request_id_var
from jobs.tracing import trace_var
from monitoring.logs import masked

FLUSH_SECONDS = 2.0
_KEPT = ("event_id", "timestamp", "platform", "level", "logger", "release", "environment", "server_name", "sdk")
_FRAME = (
    "filename",
    "abs_path",
    "module",
    "function",
    "lineno",
    "pre_context",
    "context_line",
    "post_context",
    "in_app",
)
_TAGS = ("kind", "attempt", "queue")


def start() -> None:
    """Begin to send, from this process and from those that it forks.

    Raises
    ------
    ImproperlyConfigured
        Where the library is not installed, or the address is none.
    """
    try:
        import sentry_sdk
        from sentry_sdk.integrations.atexit import AtexitIntegration
        from sentry_sdk.integrations.dedupe import DedupeIntegration
        from sentry_sdk.integrations.excepthook import ExcepthookIntegration
        from sentry_sdk.integrations.logging import LoggingIntegration
        from sentry_sdk.utils import BadDsn
    except ImportError as error:
        raise ImproperlyConfigured(
            "SENTRY_DSN is set, and the extra 'sentry' (sentry-sdk) is not installed."
        ) from error
    try:
        sentry_sdk.init(
            settings.SENTRY_DSN,
            environment=settings.ENVIRONMENT,
            release=f"mc-ai@{settings.SPECTACULAR_SETTINGS['VERSION']}",
            # Every crash is logged, by the runner or by the API's handler: the log is all that need be listened to.
            default_integrations=False,
            integrations=[
                LoggingIntegration(level=None),
                ExcepthookIntegration(),
                DedupeIntegration(),
                AtexitIntegration(callback=_say_nothing),
            ],
            before_send=cleaned,  # type: ignore[arg-type]  # an event is a mapping
            max_breadcrumbs=0,
            include_local_variables=False,
            send_default_pii=False,
            trace_propagation_targets=[],
        )
    except BadDsn as error:
        raise ImproperlyConfigured(f"SENTRY_DSN is no address of Sentry's: {error}") from error
    signals.worker_process_shutdown.connect(flush)


def flush(**_: Any) -> None:
    """Send what waits in this process, which is about to end."""
    import sentry_sdk

    sentry_sdk.flush(FLUSH_SECONDS)


def cleaned(event: Mapping[str, Any], _hint: object) -> dict[str, Any]:
    """Return what may be sent of an event."""
    kept = {name: event[name] for name in _KEPT if name in event}
    line = event.get("logentry") or {}
    if line:
        kept["logentry"] = {"message": masked(str(line.get("message", "")))}
    if raised := (event.get("exception") or {}).get("values"):
        kept["exception"] = {"values": [_exception(value) for value in raised]}
    return kept | {"tags": _tags(event.get("extra") or {}), "contexts": _contexts()}


def _exception(value: Mapping[str, Any]) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames", [])
    stack = [{name: frame[name] for name in _FRAME if name in frame} for frame in frames]
    return {"type": value.get("type"), "module": value.get("module"), "stacktrace": {"frames": stack}}


def _tags(extra: Mapping[str, Any]) -> dict[str, str]:
    found = {"request_id": request_id_var.get(), "job_id": job_id_var.get()}
    found |= {name: str(extra[name]) for name in _TAGS if name in extra}
    return {name: value for name, value in found.items() if value}


def _contexts() -> dict[str, Any]:
    trace = trace_var.get()
    return {"trace": {"trace_id": trace.trace_id, "span_id": trace.span_id}} if trace else {}


def _say_nothing(_pending: int, _timeout: float) -> None:
    """Wait for what is still to be sent without a word on the terminal."""
