"""Reading a client's JSON: each function takes a value and the path it stands at, and says what would be right."""

import difflib
import math
from collections.abc import Iterable, Mapping
from typing import Any

from generation.engines.errors import ParameterError


def known(given: Mapping[str, Any], names: Iterable[str], path: str) -> None:
    """Refuse keys that are none of ``names``."""
    names = list(names)
    for key in given:
        if key not in names:
            raise ParameterError(f"{path}{key}", f"is not known{nearest(str(key), names)}; known: {', '.join(names)}.")


def nearest(word: str, names: Iterable[str]) -> str:
    """Suggest the name next to a mistyped one, or nothing."""
    found = difflib.get_close_matches(word.lower(), list(names), 1)
    return f"; did you mean '{found[0]}'?" if found else ""


def mapping(value: Any, path: str) -> Mapping[str, Any]:
    """Return an object's pairs."""
    if not isinstance(value, Mapping):
        raise ParameterError(path, f"must be an object, not {_kind(value)}.")
    return value


def optional(value: Any, path: str) -> Mapping[str, Any]:
    """Return an object's pairs, none where it is left out."""
    return {} if value is None else mapping(value, path)


def number(value: Any, path: str, low: float, high: float, unit: str = "") -> float:
    """Return a finite number from ``low`` to ``high``, both included."""
    found = finite(value, path)
    if not low <= found <= high:
        raise ParameterError(path, f"must be from {low:g} to {high:g}{unit}, not {found:g}.")
    return found


def positive(value: Any, path: str, unit: str = "") -> float:
    """Return a finite number above 0."""
    found = finite(value, path)
    if found <= 0:
        raise ParameterError(path, f"must be above 0{unit}, not {found:g}.")
    return found


def finite(value: Any, path: str) -> float:
    """Return a finite number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ParameterError(path, f"must be a number, not {_kind(value)}.")
    try:
        found = float(value)
    except OverflowError:
        found = math.inf
    if not math.isfinite(found):
        raise ParameterError(path, "must be a finite number.")
    return found


def whole(value: Any, path: str, low: int, high: int) -> int:
    """Return a whole number from ``low`` to ``high``, both included."""
    found = finite(value, path)
    if found != int(found) or not low <= found <= high:
        raise ParameterError(path, f"must be a whole number from {low} to {high}, not {found:g}.")
    return int(found)


def choice(value: Any, path: str, names: Iterable[str]) -> str:
    """Return one of ``names``."""
    names = list(names)
    if not isinstance(value, str):
        raise ParameterError(path, f"must be one of {', '.join(names)}, not {_kind(value)}.")
    if value not in names:
        raise ParameterError(path, f"'{value[:40]}' is not known{nearest(value, names)}; known: {', '.join(names)}.")
    return value


def sequence(value: Any, path: str, low: int, high: int) -> list[Any]:
    """Return a list of ``low`` to ``high`` items."""
    if not isinstance(value, list | tuple):
        raise ParameterError(path, f"must be a list, not {_kind(value)}.")
    if not low <= len(value) <= high:
        raise ParameterError(path, f"must have from {low} to {high} items, not {len(value)}.")
    return list(value)


def text(value: Any, path: str) -> str:
    """Return a text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        raise ParameterError(path, "must be a text that is not empty.")
    return value


def _kind(value: Any) -> str:
    names = {bool: "true or false", str: "a text", list: "a list", dict: "an object", type(None): "null"}
    return names.get(type(value), type(value).__name__)
