"""Reading the body of a change to an example."""

from collections.abc import Mapping
from typing import Any

from jobs.errors import InvalidParams
from knowledge.importing.making import MAX_CHARACTERS
from knowledge.kinds.body import only

FIELDS = ("content", "response", "metadata")


def example_fields(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of an example that a body has. Raises `InvalidParams`."""
    only(body, FIELDS)
    for name in ("content", "response"):
        if name in body:
            _check_text(name, body[name])
    if not str(body.get("content", "x")).strip():
        raise InvalidParams("content", "It must not be blank.")
    if not isinstance(body.get("metadata", {}), Mapping):
        raise InvalidParams("metadata", "It must be an object.")
    return dict(body)


def _check_text(name: str, value: Any) -> None:
    if not isinstance(value, str):
        raise InvalidParams(name, f"It must be text; it is {type(value).__name__}.")
    if len(value) > MAX_CHARACTERS:
        raise InvalidParams(name, f"It has {len(value):,} characters; {MAX_CHARACTERS:,} are the most.")
