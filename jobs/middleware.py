"""What every request carries: an id, its place in a trace, and how much of its rate is left."""

import re
from collections.abc import Callable
from functools import cache
from uuid import UUID, uuid4

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from jobs import tracing
from jobs.api.headers import bearer
from jobs.api.representation import poll_answer
from jobs.context import request_id_var
from jobs.database.watchdog import patience
from jobs.polling import Polled, poll

_GIVEN = re.compile(r"[\w.:-]{1,100}$", re.ASCII)

_POLL = re.compile(r"/api/job/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$", re.ASCII)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def request_id(get_response: GetResponse) -> GetResponse:
    """Take the request's id and trace from the client or make them; both stand on every log line, and go to jobs."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        name = given if _GIVEN.match(given) else uuid4().hex
        reset = request_id_var.set(name)
        reset_trace = tracing.trace_var.set(tracing.go_on(request.META.get("HTTP_TRACEPARENT")))
        try:
            response = get_response(request)
        finally:
            request_id_var.reset(reset)
            tracing.trace_var.reset(reset_trace)
        response["X-Request-ID"] = name
        return response

    return middleware


def quick_poll(get_response: GetResponse) -> GetResponse:
    """Answer the commonest request, a plain poll with an API key, without what it does not need."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        match = _POLL.match(request.path_info) if request.method == "GET" and not request.GET else None
        key = bearer(request.headers) if match and "Prefer" not in request.headers else None
        polled = _polled(match[1], key) if match and key else None
        if polled is None:
            return get_response(request)
        request.rate_verdict = polled.verdict  # type: ignore[attr-defined]  # told by `rate_headers`
        return poll_answer(polled.job)

    return middleware


def _polled(job_id: str, key: str) -> Polled | None:
    try:
        return poll(UUID(job_id), key)
    except DatabaseFault:
        connection.close()  # a connection that a restart of the database left behind; the view takes a new one
        return None


def rate_headers(get_response: GetResponse) -> GetResponse:
    """Tell the client what is left of its rate (draft-ietf-httpapi-ratelimit-headers)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        verdict = getattr(request, "rate_verdict", None)
        if verdict is not None:
            response["RateLimit-Policy"] = f'"user";q={verdict.limit};w=60'
            response["RateLimit"] = f'"user";r={verdict.remaining};t={verdict.wait or 60}'
        return response

    return middleware


def patient_admin(get_response: GetResponse) -> GetResponse:
    """Let the statements of a change in the admin, which may be of many rows, take longer than those of a request."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.method != "POST" or not request.path_info.startswith(_admin()):
            return get_response(request)
        with patience(settings.MCAI_ADMIN_DATABASE_SECONDS):
            return get_response(request)

    return middleware


@cache
def _admin() -> str:
    return reverse("admin:index")
