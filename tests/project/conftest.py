import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings

from mcai_project.embedded import stack

MakeHome = Callable[[str], Path]


@pytest.fixture(scope="session")
def homes() -> Iterator[Path]:
    # Not under pytest's own folder: that is closed to the account that runs the servers when we are root.
    folder = settings.MCAI_HOME / "homes"
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def make_home(homes: Path) -> Iterator[MakeHome]:
    """Make homes for stacks of one's own; each is stopped after the test."""
    made: list[Path] = []
    numbers = count(1)

    def make(name: str) -> Path:
        made.append(homes / f"{next(numbers)}" / name)
        return made[-1]

    yield make
    for home in made:
        stack.stop(home)
        shutil.rmtree(home)


@pytest.fixture(scope="session")
def kept_home(homes: Path) -> Path:
    """A home whose cluster is made once for all tests."""
    return homes / "kept"


@pytest.fixture
def home(kept_home: Path) -> Iterator[Path]:
    yield kept_home
    stack.stop(kept_home)
