"""Pytest plugin (``-p tests.stack``): the embedded stack for the tests, in a home of their own.

It starts before Django reads its settings, and does nothing where DATABASE_URL and REDIS_URL are both given. The
stack stops with pytest, however pytest ends.
"""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from mcai_project.embedded import stack
from mcai_project.embedded.errors import AlreadyRunning
from mcai_project.embedded.state import StackState

ROOT = Path(__file__).resolve().parents[1]
UNSAFE_BUT_QUICK = "fsync=off synchronous_commit=off full_page_writes=off"

_started: list[Path] = []


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """Start the stack ahead of pytest-django, which reads the settings in this hook."""
    home = ROOT / ".mcai" / "test"
    if not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL")):
        os.environ.setdefault("MCAI_POSTGRES_OPTIONS", UNSAFE_BUT_QUICK)
        home, state = _start_in_free_home(home)
        _started.append(home)
        os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = state.database_url, state.redis_url
    os.environ["MCAI_HOME"] = str(home)
    os.environ.setdefault("MCAI_REQUESTS_PER_MINUTE", "1000000")  # the limit has a test of its own
    os.environ.setdefault("MCAI_EXTRA_APPS", "tests.jobs.kinds.apps.KindsConfig")  # job kinds that only tests want
    yield


def pytest_unconfigure() -> None:
    """Stop what we started."""
    while _started:
        stack.stop(_started.pop())


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
