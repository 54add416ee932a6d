"""Reads foreign JSON without trusting its shape."""

from collections.abc import Iterator
from typing import Any

from knowledge.sources.contract import SourceFailure


def text_at(value: Any, *path: str | int) -> str:
    """Return the text under ``path``, or nothing where there is none; control characters become spaces."""
    for step in path:
        if isinstance(value, dict) and isinstance(step, str):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return ""
    return clean(value) if isinstance(value, str) else ""


def number_at(value: Any, *path: str) -> int | None:
    """Return the whole number under ``path``, or None."""
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def objects_at(value: Any, name: str) -> Iterator[dict[str, Any]]:
    """Yield the objects of the list under ``name``.

    Raises
    ------
    SourceFailure
        Where there is no such list: this is not the service that we take it for.
    """
    found = value.get(name) if isinstance(value, dict) else None
    if not isinstance(found, list):
        raise SourceFailure(f"an answer without {name!r}")
    return (entry for entry in found if isinstance(entry, dict))


def clean(text: str) -> str:
    """Return ``text`` without control characters and lone surrogates, which a database or JSON may refuse."""
    kept = "".join(c if c.isprintable() or c in "\n\t" else " " for c in text)
    return kept.encode("utf-8", "ignore").decode().strip()
