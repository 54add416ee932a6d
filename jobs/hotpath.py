"""The commonest request, a plain poll with an API key, answered before Django makes a request of it.

Most requests of a system whose clients poll are this one. It refuses nothing that the ordinary view would grant:
whatever it does not know how to answer (a session, a long poll, a problem) it leaves to that view.
"""

import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection

from jobs.api.headers import bearer_token
from jobs.api.representation import poll_body
from jobs.context import request_id_of
from jobs.polling import Polled, poll
from jobs.ratelimit import headers_of

Environ = dict[str, Any]
StartResponse = Callable[..., Any]
Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_PATH = re.compile(r"/api/job/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$", re.ASCII)


def quick_poll(application: Application, answered: Callable[[float], None]) -> Application:
    """Return the WSGI application that polls go past; ``answered`` hears of the seconds that each of them took."""

    def serve(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        began = time.perf_counter()
        polled = _polled(environ) if _is_plain(environ) else None
        if polled is None:
            return application(environ, start_response)
        body, headers = poll_body(polled.job)
        start_response("200 OK", [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(body))),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Request-ID", request_id_of(environ.get("HTTP_X_REQUEST_ID", ""))),
            *headers,
            *headers_of(polled.verdict),
        ])  # fmt: skip
        answered(time.perf_counter() - began)
        return [body]

    return serve


def _is_plain(environ: Environ) -> bool:
    return (
        environ["REQUEST_METHOD"] == "GET"
        and not environ.get("QUERY_STRING")
        and "HTTP_PREFER" not in environ
        and (not settings.SECURE_SSL_REDIRECT or _is_secure(environ))
    )


def _is_secure(environ: Environ) -> bool:
    header, value = getattr(settings, "SECURE_PROXY_SSL_HEADER", None) or ("wsgi.url_scheme", "https")
    return bool(environ.get(header) == value)


def _polled(environ: Environ) -> Polled | None:
    match = _PATH.match(environ.get("PATH_INFO", ""))
    key = bearer_token(environ.get("HTTP_AUTHORIZATION", "")) if match else None
    if match is None or key is None:
        return None
    try:
        return poll(match[1], key)
    except DatabaseFault:
        connection.close()  # a connection that a restart of the database left behind; the view takes a new one
        return None
    finally:
        connection.close_if_unusable_or_obsolete()
