"""Pytest plugin (``-p tests.stack``): the embedded stack for the tests, in a home of their own.

It starts before Django reads its settings, and does nothing where DATABASE_URL and REDIS_URL are both given. The
stack stops with pytest, however pytest ends. With ``-n`` each of pytest's processes has a stack of its own; ``-n auto``
is one process where servers are given or files are named, since the rest would have nothing to do.
"""

import os
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from mcai_project.embedded import stack
from mcai_project.embedded.errors import AlreadyRunning
from mcai_project.embedded.state import StackState
from mcai_project.launch.environment import ONE_THREAD

ROOT = Path(__file__).resolve().parents[1]
UNSAFE_BUT_QUICK = "fsync=off synchronous_commit=off full_page_writes=off"
PROCESSES = 2  # the tests that wait for real processes let others work meanwhile, yet each has limits of time

_started: list[Path] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> Iterator[None]:
    """Start the stack ahead of pytest-django, which reads the settings in this hook."""
    home = ROOT / ".mcai" / _home_name()
    if not _servers_are_given() and not _hands_out(early_config.known_args_namespace):
        os.environ.setdefault("MCAI_POSTGRES_OPTIONS", UNSAFE_BUT_QUICK)
        home, state = _start_in_free_home(home)
        _started.append(home)
        os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = state.database_url, state.redis_url
    os.environ["MCAI_HOME"] = str(home)
    os.environ.setdefault("MCAI_REQUESTS_PER_MINUTE", "1000000")  # the limit has a test of its own
    # Where a test rolls back, no heartbeat sees its job: a lease must outlast a busy machine without one.
    os.environ.setdefault("MCAI_LEASE_SECONDS", "600")
    os.environ.setdefault("MCAI_EXTRA_APPS", "tests.jobs.kinds.apps.KindsConfig")  # job kinds that only tests want
    os.environ.update(ONE_THREAD | os.environ)  # as in a launch, and before numpy reads it
    _keep_bytecode()
    yield


def pytest_unconfigure() -> None:
    """Stop what we started."""
    while _started:
        stack.stop(_started.pop())


@pytest.hookimpl(tryfirst=True, optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Return how many processes ``-n auto`` means."""
    return _processes(config.option)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put slow tests first: one that came last would keep a single process busy while the others have ended."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


def _processes(options: Any) -> int:
    return 0 if _servers_are_given() or options.file_or_dir else PROCESSES


def _hands_out(options: Any) -> bool:
    """Return whether this process runs no test itself: others do, which it starts."""
    wanted = getattr(options, "numprocesses", None)
    return "PYTEST_XDIST_WORKER" not in os.environ and bool(_processes(options) if wanted == "auto" else wanted)


def _servers_are_given() -> bool:
    return bool(os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))


def _home_name() -> str:
    number = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    return "test" if number == "0" else f"test-process-{number}"


def _keep_bytecode() -> None:
    """Let the processes that tests start find our modules compiled, which saves each more than a second."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def _start_in_free_home(first: Path) -> tuple[Path, StackState]:
    """Start in ``first``, or beside it where another run of the tests has that one."""
    for number in count(2):
        home = first if number == 2 else first.with_name(f"{first.name}-{number - 1}")
        if stack.running(home) is None:
            try:
                return home, stack.start(home)
            except AlreadyRunning:
                continue
    raise AssertionError
