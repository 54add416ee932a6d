"""Measuring every request, around all that answers it."""

import time
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from jobs import tracing
from jobs.tracing import Attributes, Kind, Span
from monitoring.metrics.recorder import recorder

POLL = "api/job/<uuid:job_id>"
UNMATCHED = "unmatched"
WAITING = " (waiting)"

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def measure(get_response: GetResponse) -> GetResponse:
    """Count each request and the time that its answer took."""
    if not settings.MCAI_METRICS:
        raise MiddlewareNotUsed
    count = recorder().request

    def middleware(request: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        response = get_response(request)
        count(endpoint(request), str(request.method), response.status_code, time.perf_counter() - began)
        return response

    return middleware


def record_span(get_response: GetResponse) -> GetResponse:
    """Hand each request's span to whoever records spans; the request already has its place in a trace."""
    if not tracing.is_recording():
        raise MiddlewareNotUsed

    def middleware(request: HttpRequest) -> HttpResponseBase:
        began = time.time_ns()
        response = get_response(request)
        method, status = str(request.method), response.status_code
        about: Attributes = {
            "http.request.method": method,
            "http.route": endpoint(request),
            "http.response.status_code": status,
        }
        error = str(status) if status >= 500 else None
        name = f"{method} {about['http.route']}"
        tracing.tell(Span(tracing.current(), name, Kind.SERVER, began, time.time_ns(), about, error))
        return response

    return middleware


def poll_answered() -> Callable[[float], None]:
    """Return what counts a poll, and the seconds it took, that was answered ahead of Django."""
    count = recorder().request
    return lambda seconds: count(POLL, "GET", 200, seconds)


def endpoint(request: HttpRequest) -> str:
    """Return the pattern of the request's route, never a path: a path has ids in it, and no end of values.

    A client that asked to be kept waiting is told apart, for its time says nothing about ours.
    """
    if request.resolver_match is None:
        return _short_cut(request.path_info)
    route = request.resolver_match.route
    return route + WAITING if route == POLL and _asks_to_wait(request) else route


def _asks_to_wait(request: HttpRequest) -> bool:
    # Most queries are empty, and most requests want no more of their headers than the server has read already.
    return "HTTP_PREFER" in request.META or bool(request.META.get("QUERY_STRING") and "wait" in request.GET)


def _short_cut(path: str) -> str:
    """Name what was answered ahead of the resolver: static files, and the icons at the root."""
    return "static" if path.startswith((f"/{settings.STATIC_URL.strip('/')}/", "/favicon.")) else UNMATCHED
