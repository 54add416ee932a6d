"""The ``options`` of a request for a picture."""

from collections.abc import Callable, Mapping
from typing import Any

from generation.engines.art import checks
from generation.engines.art.vocabulary import ASPECTS, BACKGROUNDS, COLOURS, FORMATS, PALETTES, STYLES
from generation.engines.errors import ParameterError

DEFAULT_SIZE = 1024
SMALLEST, LARGEST = 64, 4096
# The largest integer that every JSON reader keeps exact.
LARGEST_SEED = 2**53 - 1
MOST_COLOURS = 12
MOST_VARIATIONS = 16
# Four pictures of 4096², or one with every pixel drawn four times: about a minute of work.
MOST_PIXELS = 4 * LARGEST**2

_KNOWN = (
    *("width", "height", "aspect", "seed", "emotion", "palette", "background", "complexity"),
    *("symmetry", "supersampling", "variations", "format"),
)


def parse(value: Any, style: str) -> dict[str, Any]:
    """Return the checked options as keyword arguments for ``Params``, with ``seed`` None where it is absent."""
    given = {} if value is None else checks.mapping(value, "options")
    checks.known_keys(given, _KNOWN, at="options.")
    given = {key: item for key, item in given.items() if item is not None}
    width, height = _size(given)
    chosen: dict[str, Any] = {"width": width, "height": height}
    chosen |= {name: _READERS[name](given[name]) for name in _READERS if name in given}
    _check_format(chosen, style)
    _check_work(chosen)
    return chosen


def _size(given: Mapping[str, Any]) -> tuple[int, int]:
    sides = {side: _side(given[side], side) for side in ("width", "height") if side in given}
    if "aspect" not in given:
        return sides.get("width", DEFAULT_SIZE), sides.get("height", DEFAULT_SIZE)
    if len(sides) == 2:
        raise ParameterError("options.aspect", "give an aspect with a width or a height, not with both")
    across, down = ASPECTS[checks.choice(given["aspect"], "options.aspect", ASPECTS)]
    if "height" in sides:
        return _side(round(sides["height"] * across / down), "width"), sides["height"]
    width = sides.get("width", DEFAULT_SIZE if across >= down else round(DEFAULT_SIZE * across / down))
    return width, _side(round(width * down / across), "height")


def _side(value: Any, side: str) -> int:
    return checks.integer(value, f"options.{side}", SMALLEST, LARGEST)


def _palette(value: Any) -> str | tuple[str, ...]:
    if not isinstance(value, list | tuple):
        return checks.choice(value, "options.palette", PALETTES)
    if not 2 <= len(value) <= MOST_COLOURS:
        raise ParameterError("options.palette", f"must have 2 to {MOST_COLOURS} colours, not {len(value)}")
    return tuple(_colour(item, f"options.palette[{i}]") for i, item in enumerate(value))


def _background(value: Any) -> str:
    if isinstance(value, str) and value in BACKGROUNDS:
        return value
    try:
        return _colour(value, "options.background")
    except ParameterError as error:
        raise ParameterError(error.field, f"{error.message}, or one of: {', '.join(BACKGROUNDS)}") from None


def _colour(value: Any, field: str) -> str:
    word = value.strip().lower() if isinstance(value, str) else ""
    if word in COLOURS:
        return COLOURS[word]
    digits = word.removeprefix("#")
    if word.startswith("#") and len(digits) in (3, 6) and set(digits) <= set("0123456789abcdef"):
        return word if len(digits) == 6 else "#" + "".join(c * 2 for c in digits)
    shown = repr(value)[:40]
    raise ParameterError(field, f"{shown} is no colour; write it as '#rrggbb' or as a colour word such as 'teal'")


_READERS: dict[str, Callable[[Any], Any]] = {
    "seed": lambda v: checks.integer(v, "options.seed", 0, LARGEST_SEED),
    "emotion": lambda v: checks.text(v, "options.emotion", longest=50),
    "palette": _palette,
    "background": _background,
    "complexity": lambda v: checks.number(v, "options.complexity", 0, 1),
    "symmetry": lambda v: checks.integer(v, "options.symmetry", 2, 24),
    "supersampling": lambda v: checks.integer(v, "options.supersampling", 1, 4),
    "variations": lambda v: checks.integer(v, "options.variations", 1, MOST_VARIATIONS),
    "format": lambda v: checks.choice(v, "options.format", FORMATS),
}


def _check_format(chosen: Mapping[str, Any], style: str) -> None:
    if chosen.get("format") == "svg" and not STYLES[style].lines:
        drawn = ", ".join(name for name, known in sorted(STYLES.items()) if known.lines)
        raise ParameterError("options.format", f"{style!r} is no line style; svg is for: {drawn}")


def _check_work(chosen: Mapping[str, Any]) -> None:
    pixels = chosen["width"] * chosen["height"] * chosen.get("supersampling", 1) ** 2
    if pixels * chosen.get("variations", 1) > MOST_PIXELS:
        field = "supersampling" if pixels > MOST_PIXELS else "variations"
        message = f"too much at {chosen['width']}x{chosen['height']}: at most {MOST_PIXELS:,} pixels may be drawn"
        raise ParameterError(f"options.{field}", message)
