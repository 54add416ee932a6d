"""The tests keep their eigenpairs in memory: nothing is read from or left in the user's cache folder."""

from collections.abc import Iterator

import pytest

from generation.engines.cymatics.solve import CACHE


@pytest.fixture(autouse=True, scope="session")
def _no_files() -> Iterator[None]:
    folder, CACHE.folder = CACHE.folder, None
    yield
    CACHE.folder = folder
