"""Real processes of the project (workers, web, commands) for tests, on the database and broker of the tests."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import httpx
import psutil
from django.conf import settings
from django.db import connection

from mcai_project.celery import app
from mcai_project.embedded import tenants
from tests.waiting import PATIENCE, eventually


class Process:
    """A process of the project, its output kept in a file.

    Parameters
    ----------
    argv : list of str
        Program and arguments; the programs of the virtual environment are found by name.
    log : Path
        Where its output goes.
    environment : dict, optional
        What its environment has beside (or instead of) ours.
    """

    def __init__(self, argv: list[str], log: Path, environment: dict[str, str] | None = None) -> None:
        self.argv, self.log = argv, log
        given = os.environ | {"DATABASE_URL": database_url()} | (environment or {})
        given.pop("PROMETHEUS_MULTIPROC_DIR", None)  # set as we count: Flower would count among us
        with log.open("ab") as output:
            self._process = tenants.spawn(argv, home=settings.MCAI_HOME, environment=given, output=output)

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._process.pid

    def output(self) -> str:
        """Return what the process has printed."""
        return self.log.read_text(errors="replace")

    def wait_for(self, text: str) -> "Process":
        """Wait until the process has printed ``text``."""
        self.wait_until(lambda: text in self.output(), f"it printed {text!r}")
        return self

    def wait_until(self, condition: Callable[[], bool], what: str) -> None:
        """Wait until ``condition`` holds, which ``what`` says in words."""

        def holds() -> bool:
            ended = self._process.poll()
            assert ended is None, f"{self.argv} ended with {ended} before {what}:\n{self.output()}"
            return condition()

        eventually(holds, lambda: f"{self.argv} before {what}:\n{self.output()}")

    def kill(self) -> None:
        """Kill the process, and it alone: its children have to cope."""
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        """Kill the process and its children: an orderly stop takes seconds, and nobody looks at what it leaves."""
        family = _family(self.pid)
        tenants.kill_group(self.pid)
        self._process.wait()
        eventually(lambda: all(map(_is_gone, family)), "its children are gone")

    def stop(self, number: signal.Signals = signal.SIGTERM, timeout: float = PATIENCE) -> int:
        """Ask the process to stop, wait, kill what is left of its group; return its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(number)
        try:
            return self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            return -signal.SIGKILL
        finally:
            tenants.kill_group(self.pid)
            self._process.wait()


def _family(pid: int) -> list[psutil.Process]:
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _is_gone(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def worker_name(queue: str) -> str:
    """Return a node name that no other worker bears."""
    return f"{queue}-{uuid4().hex[:8]}@test"


def worker_argv(queue: str, name: str, *options: str) -> list[str]:
    """Return the command line of a worker for ``queue``, one child unless ``options`` say more."""
    command = ["celery", "-A", "mcai_project", "worker", "-Q", queue, "-n", name, "-l", "INFO"]
    command += ["--without-mingle", "--without-gossip"]  # a second less to start
    return [*command, *(options or ["--concurrency=1"])]


def is_listening(name: str) -> bool:
    """Return whether the worker of that name answers a ping over the broker."""
    return bool(app.control.ping(destination=[name], timeout=0.5))


def manage_argv(*arguments: str) -> list[str]:
    """Return the command line of a management command."""
    return [sys.executable, "manage.py", *arguments]


def web_argv(port: int) -> list[str]:
    """Return the command line of the web server on ``port``."""
    return ["gunicorn", "-c", "mcai_project/gunicorn.conf.py", "--bind", f"127.0.0.1:{port}", "mcai_project.wsgi"]


def answers(url: str) -> bool:
    """Return whether a web server answers at ``url``, whatever it says."""
    try:
        httpx.get(url, timeout=2)
    except httpx.TransportError:
        return False
    return True


def database_url() -> str:
    """Return the URL of the database that the tests use."""
    given = connection.settings_dict
    user, password = quote(str(given["USER"])), quote(str(given["PASSWORD"]))
    return f"postgresql://{user}:{password}@{given['HOST']}:{given['PORT']}/{given['NAME']}"
