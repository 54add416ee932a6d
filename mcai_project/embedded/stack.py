"""Start, stop and look at the embedded stack of a home, from any process."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from mcai_project.embedded import keeper, lock
from mcai_project.embedded.errors import AlreadyRunning, EmbeddedError
from mcai_project.embedded.places import Places
from mcai_project.embedded.state import StackState, read_state

ROOT = Path(__file__).resolve().parents[2]
STOP_TIMEOUT = 60.0
BUSY_TIMEOUT = 45.0  # longer than a former stack takes to end

_children: dict[int, "subprocess.Popen[str]"] = {}  # keepers that we started, to be reaped when they end


def _silent(_line: str) -> None:
    """Say nothing."""


def running(home: Path) -> StackState | None:
    """Return the state of the stack that runs in ``home``, or None."""
    return read_state(home) if lock.held(Places(home).lock) else None


def start(home: Path, *, detached: bool = False, say: Callable[[str], None] = _silent) -> StackState:
    """Start the stack of ``home``, or find it running.

    Parameters
    ----------
    home : Path
        The folder of its data; made when missing.
    detached : bool
        Leave it running when this process ends. Otherwise it stops when this process is gone, however it went.
    say : callable
        Is told each step.

    Raises
    ------
    EmbeddedError
        When it cannot start; the message names the log.
    """
    deadline = time.monotonic() + BUSY_TIMEOUT
    while (state := running(home)) is None:
        try:
            return _start(home.resolve(), detached, say)
        except AlreadyRunning:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
    return state


def stop(home: Path, *, timeout: float = STOP_TIMEOUT) -> bool:
    """Stop the stack of ``home`` and wait until it is gone; return whether there was one.

    Raises
    ------
    EmbeddedError
        When it still runs after ``timeout`` seconds.
    """
    state = running(home)
    if state is None:
        return False
    _terminate(state.keeper_pid)
    deadline = time.monotonic() + timeout
    while lock.held(Places(home).lock):
        if time.monotonic() > deadline:
            raise EmbeddedError(f"The stack of {home} did not stop; its log is {Places(home).keeper_log}")
        time.sleep(0.05)
    if child := _children.pop(state.keeper_pid, None):
        child.wait()
    return True


@contextmanager
def session(home: Path, *, say: Callable[[str], None] = _silent) -> Iterator[StackState]:
    """Use the stack of ``home``: one that ran before stays, one that we started stops at the end."""
    before = running(home)
    try:
        yield before or start(home, say=say)
    finally:
        if before is None:
            stop(home)


def _start(home: Path, detached: bool, say: Callable[[str], None]) -> StackState:
    places = Places(home)
    places.prepare()
    argv = [sys.executable, "-m", keeper.__name__, str(home), *([] if detached else ["--owner", str(os.getpid())])]
    with places.keeper_log.open("ab") as log:
        process = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=ROOT,
            start_new_session=True,  # a Ctrl-C at the terminal is for us alone: the servers are stopped in order
            text=True,
        )
    try:
        _listen(process, home, say)
    except BaseException:
        process.terminate()
        process.wait()
        raise
    _children[process.pid] = process
    state = read_state(home)
    if state is None:
        raise EmbeddedError(f"The keeper wrote no state; its log is {Places(home).keeper_log}")
    return state


def _listen(process: "subprocess.Popen[str]", home: Path, say: Callable[[str], None]) -> None:
    """Pass on what the keeper says until it is ready."""
    assert process.stdout is not None
    with process.stdout as lines:
        for line in map(str.rstrip, lines):
            if line == keeper.READY:
                return
            if line == keeper.BUSY:
                process.wait()
                raise AlreadyRunning(f"Another process is starting or stopping the stack of {home}; try again.")
            if line.startswith(keeper.FAILED):
                reason = "\n".join([line.removeprefix(keeper.FAILED), *lines])
                process.wait()
                raise EmbeddedError(reason)
            say(line)
    raise EmbeddedError(f"The keeper ended with exit code {process.wait()}; its log is {Places(home).keeper_log}")


def _terminate(pid: int) -> None:
    try:
        psutil.Process(pid).terminate()
    except psutil.NoSuchProcess:
        return
