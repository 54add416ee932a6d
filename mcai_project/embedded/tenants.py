"""Processes that live on a home's servers: web, workers and the rest, started so that none is left behind.

Each is told to stop by Linux when the process that started it dies. Each also carries its home's name in its
environment, and hands that down to its children: so whoever is left over can be found, however it was orphaned,
and ended before the servers are.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO

import psutil

from mcai_project.embedded import tether

MARK = "MCAI_TENANT_OF"
ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = str(Path(sys.executable).parent)


def spawn(
    argv: Sequence[str], *, home: Path, environment: Mapping[str, str], output: int | IO[bytes]
) -> "subprocess.Popen[bytes]":
    """Start ``argv`` as a tenant of ``home``, leader of its own process group, both outputs to ``output``.

    Call it from the main thread: Linux counts the end of the thread that started a process as its parent's death.
    """
    tied = [sys.executable, "-S", tether.__file__, str(int(signal.SIGTERM)), str(os.getpid()), *argv]
    return subprocess.Popen(
        tied,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        cwd=ROOT,
        env=_environment(home, environment),
        start_new_session=True,
    )


def kill_group(leader: int) -> None:
    """Kill what is left of the process group of ``leader``."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, signal.SIGKILL)


def remaining(home: Path) -> list[psutil.Process]:
    """Return every process that was started as a tenant of ``home``, or by one."""
    return list(_marked(str(home.resolve())))


def told_of(home: Path) -> Path:
    """Return the file that tells scripts of the tenants of ``home``, written by whoever starts them."""
    return home / "run.json"


def end(home: Path, *, grace: float, ask: bool) -> None:
    """Wait up to ``grace`` seconds for the tenants of ``home`` to go, asking them to if ``ask``; then kill them."""
    told_of(home).unlink(missing_ok=True)
    if ask:
        _signal(remaining(home), signal.SIGTERM)
    deadline = time.monotonic() + grace
    while (left := remaining(home)) and time.monotonic() < deadline:
        psutil.wait_procs(left, timeout=0.5)
    _signal(left, signal.SIGKILL)


def _environment(home: Path, given: Mapping[str, str]) -> dict[str, str]:
    path = os.pathsep.join([PROGRAMS, given.get("PATH", os.defpath)])
    return {**given, "PATH": path, "PYTHONUNBUFFERED": "1", MARK: str(home.resolve())}


def _marked(name: str) -> Iterator[psutil.Process]:
    ours = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    for process in psutil.process_iter():
        if process.pid in ours:
            continue
        with suppress(psutil.Error):
            if process.environ().get(MARK) == name and process.status() != psutil.STATUS_ZOMBIE:
                yield process


def _signal(processes: Sequence[psutil.Process], number: signal.Signals) -> None:
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)
