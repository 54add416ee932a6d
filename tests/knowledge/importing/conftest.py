"""Write a file, import it, look at what is there."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from knowledge.importing.options import ImportOptions
from knowledge.importing.report import ImportReport
from knowledge.importing.run import import_run
from knowledge.models import Example

Import = Callable[..., ImportReport]


@pytest.fixture
def bring(tmp_path: Path) -> Import:
    """Return a function that writes ``data`` to a file called ``name`` and imports it."""

    def run(name: str, data: bytes | str, **options: Any) -> ImportReport:
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return import_run(paths=[path], options=ImportOptions(**options), actor="alice")

    return run


@pytest.fixture
def pairs() -> Callable[[], list[tuple[str, str]]]:
    """Return a function that lists content and response of all examples, in their order."""
    return lambda: list(Example.objects.order_by("created_at", "id").values_list("content", "response"))
