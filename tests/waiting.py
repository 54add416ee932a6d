"""Waiting for what must come about."""

import time
from collections.abc import Callable
from typing import Any

PATIENCE = 120.0  # a guard against hanging and no promise: a busy machine may be twenty times slower than an idle one


def eventually(condition: Callable[[], Any], what: str | Callable[[], object] = "") -> Any:
    """Wait until ``condition`` returns something true, and return that; ``what`` says what is missing until then."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        missing = what() if callable(what) else what
        assert time.monotonic() < deadline, f"{PATIENCE:.0f} s passed: {missing}"
        time.sleep(0.05)
    return found
