"""Gunicorn's threaded worker, without its errands, and with an order: who submits or polls goes before who reads.

Gunicorn's own has its main thread wait for connections and hand each request to a thread and back; under load that
thread is one more that wants the interpreter's lock, and each request waits for it twice. Here the threads fetch for
themselves: whoever is free and first looks at all connections (`web_queue.Queue.take`), the others wait behind him.
"""

import os
import select
import sys
import threading
import time
from typing import Any

from gunicorn.workers.gthread import STOP_KEEPALIVE_LINGER, ThreadWorker

from mcai_project import web_response
from mcai_project.web_arrival import Arrival
from mcai_project.web_queue import Queue
from mcai_project.web_shares import Shares

_SWITCH_SECONDS = 0.001  # after which a thread that computes lets another; a poll must not wait for five of these


class OrderedWorker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """The main thread looks after the process; the others serve."""

    alive: bool

    def init_process(self) -> None:
        """Make what the threads share, before anything runs."""
        sys.setswitchinterval(_SWITCH_SECONDS)
        web_response.install()
        _keep_settings(self.cfg)
        self._queue = Queue(self.cfg, Shares(self.age))
        super().init_process()

    def run(self) -> None:
        """Serve until told to stop, then finish what has begun."""
        for listener in self.sockets:
            listener.setblocking(False)
            self._queue.listen(listener)
        threads = [threading.Thread(target=self._serve, name=f"web-{n}", daemon=True) for n in range(self.cfg.threads)]
        for thread in threads:
            thread.start()
        arrival = Arrival()
        while self.alive and self.is_parent_alive():
            self.notify()
            arrival.cut_off(self._queue.serving(), time.monotonic())
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


def _keep_settings(cfg: Any) -> None:
    """Keep the settings as attributes of this process: gunicorn looks a dozen up for each request, 3% of a poll."""
    kept = {name: setting.get() for name, setting in cfg.settings.items() if not hasattr(type(cfg), name)}
    vars(cfg).update(kept)
