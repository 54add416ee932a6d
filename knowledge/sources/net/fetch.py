"""One bounded HTTP exchange with a configured endpoint."""

import email.utils
import math
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from functools import lru_cache
from typing import Any

import httpx
import orjson
from django.conf import settings

from jobs import tracing
from knowledge.sources.contract import SourceFailure
from knowledge.sources.deadline import Deadline
from knowledge.sources.net.transport import BoundedTransport, within

MAX_BYTES = 2_000_000
MAX_REDIRECTS = 3
LONGEST_RETRY_AFTER = 3600.0


class NotFound(SourceFailure):
    """The endpoint has no such page; a failure, unless whoever asked knows better."""


def get_json(url: str, deadline: Deadline, *, params: Mapping[str, str] | None = None) -> Any:
    """Return the JSON at ``url``.

    Raises
    ------
    SourceFailure
        ``NotFound`` where there is no such page.
    """
    return as_json(get_bytes(url, deadline, params=params))


def get_bytes(url: str, deadline: Deadline, *, params: Mapping[str, str] | None = None) -> bytes:
    """Return the body at ``url``, at most ``MAX_BYTES``; redirects are followed, to public addresses only.

    Raises
    ------
    SourceFailure
        ``NotFound`` where there is no such page.
    """
    target, own = httpx.URL(url, params=params) if params else httpx.URL(url), True
    for _ in range(MAX_REDIRECTS + 1):
        with exchange("GET", target, deadline, own=own) as response:
            if not response.has_redirect_location:
                return read_bounded(response)
            target, own = _redirected(target, response), False
    raise SourceFailure(f"redirected more than {MAX_REDIRECTS} times")


def as_json(body: bytes) -> Any:
    """Return ``body`` decoded. Raises ``SourceFailure``."""
    try:
        return orjson.loads(body)
    except ValueError as error:
        raise SourceFailure(f"broken JSON: {error}") from error


@contextmanager
def exchange(
    method: str,
    url: httpx.URL,
    deadline: Deadline,
    *,
    own: bool = True,
    headers: Mapping[str, str] | None = None,
    content: bytes | None = None,
) -> Iterator[httpx.Response]:
    """Send a request and give its response, whose body is still to be read.

    ``own``: the address was configured by the operator, and may lie in our own network.

    Raises
    ------
    SourceFailure
        For whatever goes wrong until the body has been read.
    """
    client = _client(public_only=not own)
    request = client.build_request(method, url, headers=headers, content=content, timeout=max(deadline.left(), 0.001))
    try:
        with _span(request, own=own), within(deadline), closing(client.send(request, stream=True)) as response:
            _check(response)
            yield response
    except (httpx.ConnectError, httpx.ConnectTimeout) as error:
        raise SourceFailure(f"no connection: {error}", refused=True, kind="connection") from error
    except httpx.TimeoutException as error:
        raise SourceFailure("no answer in time", kind="timeout") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SourceFailure(f"{type(error).__name__}: {error}") from error


@contextmanager
def _span(request: httpx.Request, *, own: bool) -> Iterator[None]:
    """Send the request in a span of its own; strangers, to whom we were redirected, are not told of the trace."""
    with tracing.span(request.method, tracing.Kind.CLIENT, {"server.address": request.url.host}) as trace:
        if own:
            request.headers["traceparent"] = trace.header
        yield


def read_bounded(response: httpx.Response) -> bytes:
    """Return the body. Raises ``SourceFailure`` where it is longer than ``MAX_BYTES``."""
    return b"".join(bounded(response))


def bounded(response: httpx.Response) -> Iterator[bytes]:
    """Yield the body in pieces. Raises ``SourceFailure`` as soon as it is longer than ``MAX_BYTES``."""
    if response.headers.get("content-encoding", "identity") != "identity":
        raise SourceFailure("an encoding that was not asked for")
    size = 0
    for piece in response.iter_raw():
        size += len(piece)
        if size > MAX_BYTES:
            raise SourceFailure(f"more than {MAX_BYTES} bytes")
        yield piece


def _redirected(url: httpx.URL, response: httpx.Response) -> httpx.URL:
    target = url.join(response.headers["location"])
    if target.scheme not in {"http", "https"}:
        raise SourceFailure(f"redirected to {target.scheme!r}")
    return target


def _check(response: httpx.Response) -> None:
    status = response.status_code
    if status in {404, 410}:
        raise NotFound(f"HTTP {status}", refused=True, kind=str(status))
    if status >= 400:
        retry_after = _retry_after(response.headers.get("retry-after"))
        raise SourceFailure(f"HTTP {status}", retry_after, refused=True, kind=str(status))


def _retry_after(value: str | None) -> float | None:
    """Return the header's seconds, or the seconds until its date; None where it says neither."""
    if value is None:
        return None
    try:
        seconds = float(value)
    except ValueError:
        parsed = email.utils.parsedate_tz(value)
        seconds = email.utils.mktime_tz(parsed) - time.time() if parsed else math.nan
    return min(seconds, LONGEST_RETRY_AFTER) if seconds > 0 else None


@lru_cache(maxsize=2)
def _client(*, public_only: bool) -> httpx.Client:
    contact = f" ({settings.SOURCES_CONTACT})" if settings.SOURCES_CONTACT else ""
    headers = {"User-Agent": f"mc-ai/0.1{contact}", "Accept-Encoding": "identity"}
    return httpx.Client(transport=BoundedTransport(public_only=public_only), headers=headers, trust_env=False)
