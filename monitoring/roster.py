"""Which processes belong to us: each writes its role under its id as it starts; the dead are struck off by readers.

A role is ``web``, a worker's name (the part before ``@``), ``reconciler`` or ``beat``.
"""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from celery import signals
from django.conf import settings

_role = ""  # of a Celery worker, told to its children by the fork


@dataclass(frozen=True, slots=True)
class Member:
    """A living process of ours."""

    role: str
    process: psutil.Process


def enrol(role: str) -> None:
    """Enter this process."""
    if settings.MCAI_METRICS:
        _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        (_folder() / str(os.getpid())).write_text(role)


def members() -> list[Member]:
    """Return the living, by role and age."""
    found = sorted(_living(), key=lambda entry: (entry[0], entry[1].create_time(), entry[1].pid))
    return [Member(role, process) for role, process in found]


def _living() -> Iterator[tuple[str, psutil.Process]]:
    for path in _folder().glob("[0-9]*"):
        try:
            process = psutil.Process(int(path.name))
            if process.create_time() > path.stat().st_mtime + 1:
                raise psutil.NoSuchProcess(process.pid)  # another process has got the id
            yield path.read_text(), process
        except psutil.NoSuchProcess:
            path.unlink(missing_ok=True)
        except FileNotFoundError:
            continue  # another reader was quicker


def _folder() -> Path:
    folder: Path = settings.MCAI_METRICS_DIR
    return folder / "processes"


def enrol_by_command() -> None:
    """Enter the processes that are known by their command line alone."""
    if sys.argv[1:2] == ["reconcile"] and "--once" not in sys.argv:
        enrol("reconciler")


@signals.worker_init.connect
def enrol_worker(sender: Any, **_: Any) -> None:
    """Enter a Celery worker's main process."""
    global _role  # noqa: PLW0603 - handed on by the fork
    _role = str(sender.hostname).partition("@")[0]
    enrol(_role)


@signals.worker_process_init.connect
def enrol_child(**_: Any) -> None:
    """Enter a child of a worker."""
    enrol(_role)


@signals.beat_init.connect
def enrol_beat(**_: Any) -> None:
    """Enter beat."""
    enrol("beat")
