"""Which request is served next: the one that is due first.

A request is due so long after it arrived as its class allows. Submitting is due at once and polling soon after, since
a program waits for each; a page or a search may take a little longer, and then its turn comes too: nobody starves.

Two threads that compute at once in one process only take the interpreter from each other. So of the rest few run at a
time, until they turn out to wait for something else. A connection that sends nothing holds no thread.
"""

import ctypes
import os
import select
import socket
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from threading import Lock
from typing import Any

from gunicorn.workers.gthread import TConn

from mcai_project.web_shares import Shares

SUBMIT, POLL, REST = 0.0, 0.01, 0.2  # seconds after its arrival that a request is due
_POLLS = (b"GET /api/job/", b"GET /livez", b"GET /readyz")
_SUBMITS = b"-async HTTP/1."
_LINE = 80  # the bytes of a request that tell which it is

_ABREAST = 2  # of the rest, that run at a time
_RUNS = 0.05  # seconds; one that takes longer waits for something, and lets another run
_KEPT = 4  # threads that the rest leaves free, wait as it may

_LOOK_SECONDS = 0.5
_FRESH_SECONDS = 0.001  # that what was seen of the sockets is new enough, while there is something to do
_SWEEP_SECONDS = 1.0
_ONCE = select.EPOLLIN | select.EPOLLONESHOT

Connection = Any  # gunicorn has no types


class Queue:
    """The connections of this process: those that are silent, those whose request waits, those that are served."""

    def __init__(self, cfg: Any, shares: Shares) -> None:
        self.connections: dict[int, Connection] = {}
        self.closed = False
        self._cfg = cfg
        self._shares = shares
        self._epoll = select.epoll()
        self._lock = Lock()  # held by who looks
        self._listeners: dict[int, socket.socket] = {}
        self._listening = self._closing = False
        self._waiting: dict[float, deque[Connection]] = {SUBMIT: deque(), POLL: deque(), REST: deque()}
        self._served: dict[int, float] = {}  # by file descriptor: when it began
        self._rest: dict[int, float] = {}  # the same of the rest alone
        self._looked = self._swept = time.monotonic()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._epoll.register(self._bell, select.EPOLLIN)

    def listen(self, listener: socket.socket) -> None:
        """Take connections from there."""
        self._listeners[listener.fileno()] = listener

    def close_listeners(self) -> None:
        """Take no new connections, from the next look on."""
        self._closing = True
        os.eventfd_write(self._bell, 1)

    def busy(self) -> bool:
        """Say whether any request waits or is served."""
        return bool(self._served or any(self._waiting.values()))

    def serving(self) -> list[tuple[Connection, float]]:
        """Return the connections whose requests are served, and since when."""
        served = tuple(self._served.items())
        return [(conn, since) for number, since in served if (conn := self.connections.get(number)) is not None]

    def take(self) -> Connection | None:
        """Return the connection whose request is next, or None after a while without one."""
        with self._lock:
            if self.closed:
                return None
            now = time.monotonic()
            allowed = self._first(now)
            if allowed is None or now - self._looked > _FRESH_SECONDS:
                self._look(0.0 if allowed is not None else _RUNS if self._waiting[REST] else _LOOK_SECONDS)
                now = time.monotonic()
                allowed = self._first(now)
            return None if allowed is None else self._begun(self._waiting[allowed].popleft(), now)

    def give_back(self, conn: Connection, *, keep: bool) -> None:
        """Wait for the connection's next request, or close it."""
        number = conn.number
        was_rest = self._rest.pop(number, None) is not None
        self._served.pop(number, None)
        if not keep:
            self._drop(conn)
        elif conn.parser.unreader.buf.getvalue():  # the next request has come along with this one
            self._wait(conn, REST, time.monotonic())
        else:
            conn.set_timeout()
            with suppress(OSError, ValueError):
                self._epoll.modify(number, _ONCE)
        if was_rest and self._waiting[REST]:
            os.eventfd_write(self._bell, 1)  # who looks for new ones may take one of these now

    def _begun(self, conn: Connection, now: float) -> Connection:
        self._served[conn.number] = now
        if conn.allowed == REST:
            self._rest[conn.number] = now
        return conn

    def _first(self, now: float) -> float | None:
        """Return the class of which the first is next, or None where none may begin."""
        due = {allowed: line[0].due for allowed, line in self._waiting.items() if line}
        if REST in due and not self._may_rest(now):
            del due[REST]
        return min(due, key=due.__getitem__) if due else None

    def _may_rest(self, now: float) -> bool:
        begun = tuple(self._rest.values())
        computing = sum(now - since < _RUNS for since in begun)
        return computing < _ABREAST and len(begun) < max(1, self._cfg.threads - _KEPT)

    def _look(self, seconds: float) -> None:
        """Take note of what has come; wait so long for anything to come."""
        self._hear(not self._closing and self._shares.may_take_more(len(self.connections)))
        if self._closing:
            self._stop_listening()
        events = self._epoll.poll(seconds)
        self._looked = now = time.monotonic()
        for number, _ in events:
            if number in self._listeners:
                self._accept(self._listeners[number])
            elif (conn := self.connections.get(number)) is not None:
                self._wait(conn, allowance(number), now)
            elif number == self._bell:
                os.eventfd_read(self._bell)
        if now - self._swept > _SWEEP_SECONDS:
            self._sweep(now)

    def _wait(self, conn: Connection, allowed: float, now: float) -> None:
        conn.allowed, conn.due = allowed, now + allowed
        self._waiting[allowed].append(conn)

    def _hear(self, listening: bool) -> None:
        """Have the epoll tell of new connections, or not."""
        if listening != self._listening:
            for number in self._listeners:
                self._epoll.register(number, select.EPOLLIN) if listening else self._epoll.unregister(number)
            self._listening = listening

    def _stop_listening(self) -> None:
        for listener in self._listeners.values():
            listener.close()
        self._listeners.clear()

    def _accept(self, listener: socket.socket) -> bool:
        try:
            client, address = listener.accept()
        except OSError:  # another process took it, or the client has gone
            return False
        if len(self.connections) >= self._cfg.worker_connections:
            client.close()
            return True
        conn = TConn(self._cfg, client, address, listener.getsockname())
        conn.number, conn.data_ready = client.fileno(), True
        conn.set_timeout()
        self.connections[conn.number] = conn
        self._shares.note(len(self.connections))
        self._epoll.register(conn.number, _ONCE)
        return True

    def _sweep(self, now: float) -> None:
        """Close the connections that have been silent for too long; let in who has found nobody else to."""
        self._swept = now
        waiting = {id(conn) for conn in self._all_waiting()}
        for number, conn in self.connections.copy().items():
            if conn.timeout < now and number not in self._served and id(conn) not in waiting:
                self._drop(conn)
        for listener in self._listeners.values():
            while self._accept(listener):
                pass

    def _all_waiting(self) -> Iterator[Connection]:
        for line in self._waiting.values():
            yield from tuple(line)

    def _drop(self, conn: Connection) -> None:
        self.connections.pop(conn.number, None)
        self._shares.note(len(self.connections))
        with suppress(OSError, ValueError):
            self._epoll.unregister(conn.number)
        conn.close(graceful=True)


_libc = ctypes.PyDLL(None)  # keeps the interpreter's lock, which `socket.recv` gives up: to have it again takes time
_line = ctypes.create_string_buffer(_LINE)


def allowance(number: int) -> float:
    """Return how long the request that waits in the socket of this number may take to begin, in seconds."""
    length = _libc.recv(number, _line, _LINE, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    if length == 0:
        return POLL  # the client has gone, which is soon seen to
    line = _line.raw[: max(0, length)]
    if line.startswith(b"POST /api/") and _SUBMITS in line:
        return SUBMIT
    return POLL if line.startswith(_POLLS) else REST
