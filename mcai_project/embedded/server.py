"""One server process: started so that it cannot outlive its keeper, waited for, stopped."""

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypedDict

from mcai_project.embedded.errors import ServerFailed
from mcai_project.embedded.places import Places

START_TIMEOUT = 60.0
STOP_TIMEOUT = 20.0
LOG_LIMIT = 10_000_000
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def die_with_parent(number: signal.Signals) -> Callable[[], None]:
    """Return a hook for the child that asks Linux to send it ``number`` when its parent dies."""

    def hook() -> None:
        if _libc is not None:
            _libc.prctl(_PR_SET_PDEATHSIG, int(number))

    return hook


class Server:
    """A server program under our care.

    Parameters
    ----------
    name : str
        As a person calls it.
    argv : sequence of str
        Program and arguments.
    places : Places
        Its home, which says as whom it runs and where it logs.
    stop_signal : signal.Signals
        What makes it stop in order, losing nothing.
    """

    def __init__(self, name: str, argv: Sequence[str], *, places: Places, stop_signal: signal.Signals) -> None:
        self.name = name
        self.log = places.logs / f"{name.lower()}.log"
        self._stop_signal = stop_signal
        _shorten(self.log)
        with self.log.open("ab") as log:
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                argv,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=places.data,
                start_new_session=True,
                preexec_fn=die_with_parent(stop_signal),  # noqa: PLW1509 - the keeper has a single thread
                **as_account(places),
            )

    @property
    def pid(self) -> int:
        """Return the process id."""
        return self._process.pid

    def alive(self) -> bool:
        """Return whether the process still runs."""
        return self._process.poll() is None

    def wait_ready(self, ready: Callable[[], bool], timeout: float = START_TIMEOUT) -> None:
        """Wait until ``ready`` says so.

        Raises
        ------
        ServerFailed
            When the process ends, or is not ready after ``timeout`` seconds.
        """
        deadline = time.monotonic() + timeout
        while not ready():
            if not self.alive():
                raise ServerFailed(self.name, f"ended with exit code {self._process.returncode}", self.log)
            if time.monotonic() > deadline:
                raise ServerFailed(self.name, f"was not ready after {timeout:.0f} seconds", self.log)
            time.sleep(0.03)

    def stop(self) -> None:
        """Stop in order; kill what does not stop in time."""
        if not self.alive():
            return
        self._process.send_signal(self._stop_signal)
        try:
            self._process.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class AsAccount(TypedDict, total=False):
    """Arguments of ``subprocess`` that say as whom a program runs."""

    user: int
    group: int
    extra_groups: list[int]


def as_account(places: Places) -> AsAccount:
    """Return the arguments that run a program as the servers' account."""
    if places.account is None:
        return {}
    return {"user": places.account.pw_uid, "group": places.account.pw_gid, "extra_groups": []}


def _shorten(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT:
        log.replace(log.with_suffix(".log.1"))
