"""Readers of single values of a request: each returns the value in its right type, or says what is wrong."""

import difflib
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from generation.engines.errors import ParameterError

Reader = Callable[[Any, str], Any]
T = TypeVar("T")


def required(body: Mapping[str, Any], name: str) -> object:
    """Return a field that must be there."""
    if body.get(name) is None:
        raise ParameterError(name, "This field is required.")
    return body[name]


def known_fields(body: Mapping[str, Any], known: Sequence[str], prefix: str) -> None:
    """Refuse a field that nobody reads, with the nearest known name."""
    for name in body:
        if name not in known:
            raise ParameterError(f"{prefix}{name}", f"There is no such field{_hint(name, known)}.")


def mapping(value: object, path: str) -> Mapping[str, Any]:
    """Return an object of named values."""
    if not isinstance(value, Mapping):
        raise ParameterError(path, "Expected an object.")
    return value


def text(value: object, path: str, longest: int) -> str:
    """Return text of 1 to ``longest`` characters, without the blanks around it."""
    stripped = value.strip() if isinstance(value, str) else ""
    if not isinstance(value, str) or not 1 <= len(stripped) <= longest:
        raise ParameterError(path, f"Expected text of 1 to {longest} characters.")
    return stripped


def number(value: object, path: str, low: float, high: float, *, unit: str) -> float:
    """Return a finite number in [low, high]."""
    good = isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high
    if not good or not isinstance(value, int | float) or math.isnan(value):
        raise ParameterError(path, f"Expected a number from {low:g} to {high:g} {unit}.")
    return float(value)


def integer(value: object, path: str, low: int, high: int) -> int:
    """Return an integer in [low, high]."""
    if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
        raise ParameterError(path, f"Expected an integer from {low} to {high}.")
    return value


def choice(value: object, path: str, known: Sequence[T]) -> T:
    """Return the one of ``known`` that equals the value, of the same kind (``True`` is no number)."""
    for candidate in known:
        if not isinstance(value, bool) and value == candidate:
            return candidate
    listed = ", ".join(str(candidate) for candidate in known)
    raise ParameterError(path, f"Expected one of {listed}{_hint(value, [str(name) for name in known])}.")


def names(value: object, path: str, known: Sequence[str]) -> list[str]:
    """Return a list of at least one known name."""
    if not isinstance(value, list | tuple) or not value:
        raise ParameterError(path, "Expected a list of names, or an object from part to name.")
    return [choice(identifier(name), f"{path}[{index}]", known) for index, name in enumerate(value)]


def identifier(value: object) -> object:
    """Return a name in the spelling of the tables: small letters, words joined by underscores."""
    return value.strip().lower().replace(" ", "_").replace("-", "_") if isinstance(value, str) else value


def _hint(value: object, known: Sequence[str]) -> str:
    close = difflib.get_close_matches(value, known, 1) if isinstance(value, str) else []
    return f"; did you mean {close[0]}?".removesuffix("?") if close else ""
