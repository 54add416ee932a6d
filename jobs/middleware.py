"""What every request carries: an id, and how much of its rate is left."""

import re
from collections.abc import Callable
from uuid import uuid4

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from jobs.context import request_id_var

_GIVEN = re.compile(r"[\w.:-]{1,100}$", re.ASCII)

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def request_id(get_response: GetResponse) -> GetResponse:
    """Take the request's id from the client or make one; it stands on every log line and in the answer."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        name = given if _GIVEN.match(given) else uuid4().hex
        reset = request_id_var.set(name)
        try:
            response = get_response(request)
        finally:
            request_id_var.reset(reset)
        response["X-Request-ID"] = name
        return response

    return middleware


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
