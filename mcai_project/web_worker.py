"""Gunicorn's threaded worker, without its errands, and with an order: who submits or polls goes before who reads.

Gunicorn's own has its main thread wait for connections and hand each request to a thread and back; under load that
thread is one more that wants the interpreter's lock, and each request waits for it twice. Here the threads fetch for
themselves: whoever is free and first looks at all connections (`_Queue.take`), the others wait behind him.

Submitting and polling are short, and a program waits for each; a search or a page may take a little longer. So they
overtake the others that wait, and the others never hold all the threads. Where both wait, one in twelve that starts is
of the others: nobody starves. A connection that sends nothing holds no thread.
"""

import os
import select
import socket
import threading
import time
from collections import deque
from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, TConn, ThreadWorker

URGENT = (b"GET /api/job/", b"GET /livez", b"GET /readyz")
SUBMITS = b"-async HTTP/1."
_LINE = 80  # the bytes of a request that tell which it is
_KEPT = 4  # threads that the others leave free
_TURN = 12  # one start in so many is of the others, where both wait
_LOOK_SECONDS = 0.5
_ONCE = select.EPOLLIN | select.EPOLLONESHOT

Connection = Any  # gunicorn has no types


class OrderedWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """The main thread looks after the process; the others serve."""

    alive: bool

    def init_process(self) -> None:
        """Make what the threads share, before anything runs."""
        self._queue = _Queue(self.cfg)
        super().init_process()

    def run(self) -> None:
        """Serve until told to stop, then finish what has begun."""
        for listener in self.sockets:
            listener.setblocking(False)
            self._queue.listen(listener)
        threads = [threading.Thread(target=self._serve, name=f"web-{n}", daemon=True) for n in range(self.cfg.threads)]
        for thread in threads:
            thread.start()
        while self.alive and self.is_parent_alive():
            self.notify()
            if select.select([self.PIPE[0]], [], [], 1.0)[0]:  # a signal writes there
                os.read(self.PIPE[0], 64)
        self.alive = False
        self._wind_up()
        self.tpool.shutdown(wait=False)

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Stop, as a signal demands."""
        self.alive = False

    def _wind_up(self) -> None:
        """Serve what is under way, and what clients are just sending, within the time for that."""
        self._queue.close_listeners()
        now = time.monotonic()
        ends, lingers = now + self.cfg.graceful_timeout, now + STOP_KEEPALIVE_LINGER
        while time.monotonic() < ends and (self._queue.busy() or time.monotonic() < lingers):
            self.notify()
            if not self._queue.connections:
                break
            time.sleep(0.05)
        self._queue.closed = True

    def _serve(self) -> None:
        while not self._queue.closed:
            conn = self._queue.take()
            if conn is None:
                continue
            try:
                keep = bool(self.handle(conn))
            except Exception:
                self.log.exception("a connection broke")
                keep = False
            self._queue.give_back(conn, keep=keep)


class _Queue:
    """The connections of this process: those that are silent, those whose request waits, those that are served."""

    def __init__(self, cfg: Any) -> None:
        self.connections: dict[int, Connection] = {}
        self.closed = False
        self._cfg = cfg
        self._epoll = select.epoll()
        self._lock = threading.Lock()  # held by who looks
        self._listeners: dict[int, socket.socket] = {}
        self._urgent: deque[Connection] = deque()
        self._others: deque[Connection] = deque()
        self._served: dict[int, bool] = {}  # by file descriptor: is it one of the others
        self._overtaken = 0
        self._swept = time.monotonic()
        self._bell = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._epoll.register(self._bell, select.EPOLLIN)

    def listen(self, listener: socket.socket) -> None:
        """Take connections from there."""
        self._listeners[listener.fileno()] = listener
        self._epoll.register(listener.fileno(), select.EPOLLIN)

    def close_listeners(self) -> None:
        """Take no new connections."""
        for number, listener in self._listeners.copy().items():
            self._epoll.unregister(number)
            listener.close()
        self._listeners.clear()

    def busy(self) -> bool:
        """Say whether any request waits or is served."""
        return bool(self._served or self._urgent or self._others)

    def take(self) -> Connection | None:
        """Return the connection whose request is next, or None after a while without one."""
        with self._lock:
            if self.closed:
                return None
            self._look(0.0 if self._urgent or self._may_others() else _LOOK_SECONDS)
            conn = self._next()
            if conn is not None:
                self._served[conn.number] = not conn.urgent
            return conn

    def give_back(self, conn: Connection, *, keep: bool) -> None:
        """Wait for the connection's next request, or close it."""
        number = conn.number
        self._served.pop(number, None)
        if not keep:
            self._drop(conn)
        elif conn.parser.unreader.buf.getvalue():  # the next request has come along with this one
            self._others.append(conn)
        else:
            conn.set_timeout()
            with suppress(OSError, ValueError):
                self._epoll.modify(number, _ONCE)
        if self._others:
            os.eventfd_write(self._bell, 1)  # who looks for new ones may take one of these now

    def _look(self, seconds: float) -> None:
        for number, _ in self._epoll.poll(seconds):
            if number in self._listeners:
                self._accept(self._listeners[number])
            elif (conn := self.connections.get(number)) is not None:
                conn.urgent = is_urgent(conn.sock)
                (self._urgent if conn.urgent else self._others).append(conn)
            elif number == self._bell:
                os.eventfd_read(self._bell)
        if time.monotonic() - self._swept > 1:
            self._sweep()

    def _next(self) -> Connection | None:
        may = self._may_others()
        if self._urgent and not (may and self._overtaken >= _TURN - 1):
            self._overtaken += may
            return self._urgent.popleft()
        if not may:
            return None
        self._overtaken = 0
        return self._others.popleft()

    def _may_others(self) -> bool:
        return bool(self._others) and sum(tuple(self._served.values())) < max(1, self._cfg.threads - _KEPT)

    def _accept(self, listener: socket.socket) -> None:
        try:
            client, address = listener.accept()
        except OSError:  # another process took it, or the client has gone
            return
        if len(self.connections) >= self._cfg.worker_connections:
            client.close()
            return
        conn = TConn(self._cfg, client, address, listener.getsockname())
        conn.number, conn.data_ready, conn.urgent = client.fileno(), True, False
        conn.set_timeout()
        self.connections[conn.number] = conn
        self._epoll.register(conn.number, _ONCE)

    def _sweep(self) -> None:
        """Close the connections that have been silent for too long."""
        self._swept = now = time.monotonic()
        waiting = {id(conn) for conn in (*self._urgent, *self._others)}
        for number, conn in self.connections.copy().items():
            if conn.timeout < now and number not in self._served and id(conn) not in waiting:
                self._drop(conn)

    def _drop(self, conn: Connection) -> None:
        self.connections.pop(conn.number, None)
        with suppress(OSError, ValueError):
            self._epoll.unregister(conn.number)
        conn.close(graceful=True)


def is_urgent(sock: socket.socket) -> bool:
    """Say whether the request that waits in the socket submits a job or polls one."""
    try:
        line = sock.recv(_LINE, socket.MSG_PEEK | socket.MSG_DONTWAIT)
    except OSError:
        return False
    return line.startswith(URGENT) or (line.startswith(b"POST /api/") and SUBMITS in line)
