"""Checks of single values, each of which names the field and says what would be right."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any
from unicodedata import category

from generation.engines.errors import ParameterError


def known_keys(body: Mapping[str, Any], known: Iterable[str], *, at: str = "") -> None:
    """Refuse keys that nobody reads: they are typing errors that would otherwise pass in silence."""
    names = sorted(known)
    for key in body:
        if key not in names:
            raise ParameterError(f"{at}{key}", f"unknown field{_nearest(str(key), names)}; known: {', '.join(names)}")


def mapping(value: Any, field: str) -> Mapping[str, Any]:
    """Return a JSON object, or refuse."""
    if not isinstance(value, Mapping):
        raise ParameterError(field, f"must be an object, not {_kind(value)}")
    return value


def text(value: Any, field: str, *, longest: int) -> str:
    """Return stripped text of 1 to ``longest`` characters, without control characters."""
    if not isinstance(value, str):
        raise ParameterError(field, f"must be text, not {_kind(value)}")
    stripped = " ".join(value.split())
    if not stripped:
        raise ParameterError(field, "must not be empty")
    if len(stripped) > longest:
        raise ParameterError(field, f"must have at most {longest} characters, not {len(stripped)}")
    if any(category(character) in _UNWRITABLE for character in stripped):
        raise ParameterError(field, "must not hold control characters or halves of characters")
    return stripped


def integer(value: Any, field: str, low: int, high: int) -> int:
    """Return a whole number within ``low`` to ``high``; 512.0 is one, True is not."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ParameterError(field, f"must be a whole number from {low} to {high}, not {_kind(value)}")
    if not low <= value <= high:
        raise ParameterError(field, f"must be from {low} to {high}, not {value}")
    return value


def number(value: Any, field: str, low: float, high: float) -> float:
    """Return a finite number within ``low`` to ``high``."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ParameterError(field, f"must be a number from {low:g} to {high:g}, not {_kind(value)}")
    if not low <= value <= high:
        raise ParameterError(field, f"must be from {low:g} to {high:g}, not {value}")
    return float(value)


def choice(value: Any, field: str, known: Iterable[str]) -> str:
    """Return one of the known names, or refuse with the list of them and the nearest."""
    names = sorted(known)
    if isinstance(value, str) and value in names:
        return value
    shown = repr(value[:40]) if isinstance(value, str) else _kind(value)
    hint = _nearest(value, names) if isinstance(value, str) else ""
    raise ParameterError(field, f"{shown} is not known{hint}; known: {', '.join(names)}")


def _nearest(value: str, names: list[str]) -> str:
    close = get_close_matches(value.lower(), names, n=1, cutoff=0.5)
    return f", did you mean {close[0]!r}?" if close else ""


# Control characters and surrogates: neither can be written into a file as text.
_UNWRITABLE = ("Cc", "Cs")
_KINDS = {type(None): "null", bool: "a boolean", int: "a number", float: "a number", str: "text", list: "a list"}


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "an object")
