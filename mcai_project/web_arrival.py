"""Requests that do not arrive: who sends a head or a body slower than a line from long ago is no longer listened to.

A request is read by the thread that serves it, so that a few clients who send a byte now and then would hold all.
"""

import os
import socket
import struct
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

SECONDS = float(os.environ.get("WEB_ARRIVAL_SECONDS", "20"))
"""How long a request may take to arrive, and as much longer as it has kibibytes; 0: for ever."""

_LEAST_RATE = 1024  # bytes a second
_RECEIVED = struct.Struct("=128xQ")  # tcpi_bytes_received in Linux's struct tcp_info

Serving = tuple[Any, float]


class Arrival:
    """Looks now and then at the connections whose requests are served; serving them costs nothing more."""

    def __init__(self) -> None:
        self._first: dict[tuple[int, float], tuple[float, int]] = {}  # when a request was first seen, with how much

    def cut_off(self, serving: Iterable[Serving], now: float) -> None:
        """Let the threads go that wait for requests which come too slowly: for them the client has hung up.

        Parameters
        ----------
        serving
            Connections and when their requests began to be served.
        now
            By the same clock, in seconds.
        """
        before, self._first = self._first, {}
        for conn, since in serving:
            if SECONDS and not _arrived(conn):
                with suppress(OSError):  # closed meanwhile, or no TCP
                    received = _received(conn.sock)
                    begun, had = self._first[conn.number, since] = before.get((conn.number, since), (now, received))
                    if now - begun > SECONDS + (received - had) / _LEAST_RATE:
                        conn.sock.shutdown(socket.SHUT_RD)  # what has come can still be read, and answered


def _arrived(conn: Any) -> bool:
    """Say whether all of the request was read. Of one sent in chunks nobody knows; it has the same time."""
    parser = conn.parser
    if parser is None or parser.mesg is None or parser.mesg.req_number != parser.req_count:
        return False  # its head is being read; the parser still holds the request before
    return getattr(parser.mesg.body.reader, "length", None) == 0


def _received(sock: socket.socket) -> int:
    info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _RECEIVED.size)
    return int(_RECEIVED.unpack(info)[0])
