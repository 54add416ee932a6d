"""Connections that keep a deadline in every step, and that may be confined to public addresses.

httpx's time-outs hold for one read each: a server that sends a byte now and then could keep us for ever. Here each
connect, handshake, read and write has what is left of the request's deadline. Addresses are checked where the
connection is made, so that a name cannot lead elsewhere between the check and the use.
"""

import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import httpcore
import httpx

from knowledge.sources.deadline import Deadline
from knowledge.sources.net.addresses import Unresolved, is_public, resolve

_MAX_CONNECTIONS, _KEPT_CONNECTIONS = 20, 8
_KEPT_SECONDS = 4.0  # less than servers keep an idle connection, that ours is seldom the one they just closed

_deadline: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


@contextmanager
def within(deadline: Deadline) -> Iterator[None]:
    """Bound every network step of the body by ``deadline``."""
    token = _deadline.set(deadline)
    try:
        yield
    finally:
        _deadline.reset(token)


def _left(timeout: float | None) -> float | None:
    deadline = _deadline.get()
    if deadline is None:
        return timeout
    left = deadline.left()
    if left <= 0:
        raise httpcore.ReadTimeout("the deadline has passed")
    return left if timeout is None else min(timeout, left)


class _BoundedStream(httpcore.NetworkStream):
    """A stream whose every step keeps the deadline."""

    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _BoundedStream(self._stream.start_tls(ssl_context, server_hostname, _left(timeout)))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class _Backend(httpcore.NetworkBackend):
    """Resolves, checks and connects; with ``public_only`` to no address of our own network."""

    def __init__(self, *, public_only: bool) -> None:
        self._public_only = public_only
        self._sockets = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        error: Exception = httpcore.ConnectError(f"{host} has no address")
        for address in self._addresses(host, port, timeout):
            try:
                stream = self._sockets.connect_tcp(address, port, _left(timeout), local_address, socket_options or ())
                return _BoundedStream(stream)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
        raise error

    def _addresses(self, host: str, port: int, timeout: float | None) -> list[str]:
        try:
            found = resolve(host, port, _left(timeout))
        except Unresolved as error:
            raise httpcore.ConnectError(str(error)) from error
        if self._public_only and not all(is_public(address) for address in found):
            raise httpcore.ConnectError(f"{host} is a private address")
        return [str(address) for address in found]


class BoundedTransport(httpx.HTTPTransport):
    """httpx's transport on such connections, pooled; proxies of the environment are not used."""

    def __init__(self, *, public_only: bool) -> None:
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(),
            max_connections=_MAX_CONNECTIONS,
            max_keepalive_connections=_KEPT_CONNECTIONS,
            keepalive_expiry=_KEPT_SECONDS,
            network_backend=_Backend(public_only=public_only),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send the request; where a kept connection turns out to be closed, a harmless one goes out once more."""
        try:
            return super().handle_request(request)
        except httpx.RemoteProtocolError:
            if request.method != "GET":
                raise
        return super().handle_request(request)
