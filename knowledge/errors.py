"""What the knowledge store refuses, in words for whoever asked."""

from collections.abc import Iterable
from difflib import get_close_matches


class KnowledgeError(ValueError):
    """A request cannot be met: ``field`` names the parameter, ``message`` says what would be right."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class NotFoundError(KnowledgeError):
    """What was named does not exist."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a sentence that names the nearest known name, or nothing where none is near."""
    near = get_close_matches(name, list(known), n=1)
    return f" Did you mean {near[0]!r}?" if near else ""
