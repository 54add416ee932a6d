"""What every request carries: an id, its place in a trace, and how much of its rate is left."""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse

from jobs import tracing
from jobs.context import request_id_of, request_id_var
from jobs.database.watchdog import patience
from jobs.ratelimit import headers_of

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def request_id(get_response: GetResponse) -> GetResponse:
    """Take the request's id and trace from the client or make them; both stand on every log line, and go to jobs."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        name = request_id_of(request.headers.get("X-Request-ID", ""))
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


def rate_headers(get_response: GetResponse) -> GetResponse:
    """Tell the client what is left of its rate (draft-ietf-httpapi-ratelimit-headers)."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        verdict = getattr(request, "rate_verdict", None)
        if verdict is not None:
            for name, value in headers_of(verdict):
                response[name] = value
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
