"""What a page shows of an object is asked of the database once: Unfold asks a read-only field up to five times."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

Admin = TypeVar("Admin")
Shown = TypeVar("Shown")


def once(method: Callable[[Admin, Any], Shown]) -> Callable[[Admin, Any], Shown]:
    """Keep what ``method`` says of an object beside that object, which lives as long as its request."""

    @wraps(method)
    def shown(self: Admin, obj: Any) -> Shown:
        kept: dict[str, Shown] = obj.__dict__.setdefault("_shown", {})
        if method.__name__ not in kept:
            kept[method.__name__] = method(self, obj)
        return kept[method.__name__]

    return shown
