"""What a client may ask of the cymatics engine, checked and frozen. Standard library only: the web process reads it."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from generation.engines.cymatics import body_options, limits, notes, reading
from generation.engines.cymatics.bodies import Body, Circle, Liquid, Skin
from generation.engines.cymatics.choices import DRIVES, PALETTES, SWEEPS, VIEWS, WINDOWS
from generation.engines.errors import ParameterError

MOST_FREQUENCIES = 64
MOST_MODES = 200
_BODY = ("frequencies", "weights", "file", "emotion", "options")
_SOURCES = ("frequencies", "file", "emotion")
_COMMON = ("model", "drive", "damping", "resolution", "modes", "views", "palette", "scale", "peaks", "window", "sweep")


@dataclass(frozen=True, slots=True)
class Sweep:
    """A range of frequencies (Hz) to draw in ``steps`` frames, as a ``strip`` or an animation."""

    start: float
    stop: float
    steps: int
    format: str


@dataclass(frozen=True, slots=True)
class Params:
    """A request: what vibrates, how it is driven, and what to draw.

    Exactly one of ``frequencies`` (Hz), ``file`` (path of an audio file) and ``emotion`` is given. ``at`` is in m.
    """

    model: str
    body: Body
    frequencies: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    file: str | None = None
    emotion: str | None = None
    drive: str = "displacement"
    at: tuple[float, float] = (0.0, 0.0)
    driver_radius: float = 0.0
    damping: float = 0.01
    resolution: int = 1024
    modes: int = 12
    views: tuple[str, ...] = ("sand",)
    palette: str = "sand"
    scale: bool = False
    peaks: int = 8
    window: str = "blackman-harris"
    sweep: Sweep | None = None

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> "Params":
        """Check the body of a request; raise :class:`ParameterError` that names the field."""
        reading.known(body, _BODY, "")
        given = [name for name in _SOURCES if body.get(name) is not None]
        if len(given) != 1:
            raise ParameterError("frequencies", "give one of frequencies, an audio file and an emotion.")
        options = reading.optional(body.get("options"), "options")
        return cls(**_options(options), **_source(body, given[0], body_options.body(options)))


def _source(body: Mapping[str, Any], name: str, vibrating: Body) -> dict[str, Any]:
    if name != "frequencies" and body.get("weights") is not None:
        raise ParameterError("weights", "go with frequencies only.")
    if name == "file":
        return {"file": _path(body["file"])}
    if name == "emotion":
        return {"emotion": reading.text(body["emotion"], "emotion")}
    listed = body["frequencies"] if isinstance(body["frequencies"], list | tuple) else [body["frequencies"]]
    items = reading.sequence(listed, "frequencies", 1, MOST_FREQUENCIES)
    highest = limits.highest_drive(vibrating)
    found = tuple(_frequency(item, f"frequencies[{i}]", highest) for i, item in enumerate(items))
    return {"frequencies": found, "weights": _weights(body.get("weights"), len(found))}


def _frequency(item: Any, path: str, highest: float) -> float:
    value = _note(item, path) if isinstance(item, str) else reading.finite(item, path)
    if not 0 < value <= highest:
        raise ParameterError(path, f"must be above 0 and at most {highest:.6g} Hz for this body, not {value:g}.")
    return value


def _note(name: str, path: str) -> float:
    value = notes.frequency(name)
    if value is None:
        raise ParameterError(path, f"must be a number in Hz or a note such as A4 or C#5, not '{name[:20]}'.")
    return value


def _path(file: Any) -> str:
    """Return the path of an upload, as the API keeps it, or of a file that a program names by a ``Path``.

    A bare text is refused: a client's text must not choose what the worker reads.
    """
    if isinstance(file, PurePath):
        return str(file)
    if not isinstance(file, Mapping) or "path" not in file:
        raise ParameterError("file", "must be an uploaded WAV, FLAC or OGG file (multipart form), not a value.")
    return reading.text(file["path"], "file")


def _weights(given: Any, count: int) -> tuple[float, ...]:
    if given is None:
        return (1.0,) * count
    items = reading.sequence(given, "weights", 1, MOST_FREQUENCIES)
    if len(items) != count:
        raise ParameterError("weights", f"must be as many as the frequencies, {count}, not {len(items)}.")
    weights = tuple(reading.number(item, f"weights[{i}]", 0, 1e6) for i, item in enumerate(items))
    if not any(weights):
        raise ParameterError("weights", "must not all be 0.")
    return weights


def _options(options: Mapping[str, Any]) -> dict[str, Any]:
    model = body_options.model_of(options)
    reading.known(options, (*_COMMON, *body_options.OPTIONS[model]), "options.")
    body = body_options.body(options)
    drive = reading.optional(options.get("drive"), "options.drive")
    return {
        "model": model,
        "body": body,
        **_drive(drive, body),
        "damping": reading.number(options.get("damping", 0.01), "options.damping", 0, 1),
        "resolution": reading.whole(options.get("resolution", 1024), "options.resolution", 64, 4096),
        "modes": _modes(options.get("modes", 12), body),
        "views": _views(options.get("views", ["sand"])),
        "palette": reading.choice(options.get("palette", "sand"), "options.palette", PALETTES),
        "scale": _flag(options.get("scale", False), "options.scale"),
        "peaks": reading.whole(options.get("peaks", 8), "options.peaks", 1, MOST_FREQUENCIES),
        "sweep": _sweep(options.get("sweep"), body),
        "window": reading.choice(options.get("window", "blackman-harris"), "options.window", WINDOWS),
    }


def _modes(given: Any, body: Body) -> int:
    count = reading.whole(given, "options.modes", 1, MOST_MODES)
    if not limits.resolves(body, count):
        raise ParameterError(
            "options.modes", f"are too many for so long a plate with edges {body.edges}; ask for fewer."
        )
    return count


def _drive(drive: Mapping[str, Any], body: Body) -> dict[str, Any]:
    reading.known(drive, ("kind", "at"), "options.drive.")
    if drive and isinstance(body.medium, Liquid):
        raise ParameterError("options.drive", "does not apply: the whole dish is shaken up and down.")
    x0, y0, x1, y1 = body.shape.box
    at = drive.get("at", "centre")
    return {
        "drive": reading.choice(drive.get("kind", "displacement"), "options.drive.kind", DRIVES),
        "at": ((x0 + x1) / 2, (y0 + y1) / 2) if at in ("centre", "center") else _place(at, body),
        "driver_radius": 0.02 * (x1 - x0) if isinstance(body.medium, Skin) else 0.0,
    }


def _place(at: Any, body: Body) -> tuple[float, float]:
    path = "options.drive.at"
    x, y = (_coordinate(item, f"{path}[{i}]", body, i) for i, item in enumerate(reading.sequence(at, path, 2, 2)))
    if not body.shape.holds(x, y):
        x0, y0, x1, y1 = body.shape.box
        where = f"{x0:g} to {x1:g} by {y0:g} to {y1:g} m"
        raise ParameterError(path, f"must lie on the body, in {where}, not at {x:g}, {y:g}.")
    if _held(body, x, y):
        raise ParameterError(path, "must not lie on an edge that is held: nothing moves there.")
    return x, y


def _coordinate(item: Any, path: str, body: Body, axis: int) -> float:
    if isinstance(item, str) and item.endswith("%"):
        try:
            share = float(item[:-1]) / 100
        except ValueError:
            raise ParameterError(path, "must be metres, or a share such as '50%'.") from None
        low, high = body.shape.box[axis], body.shape.box[axis + 2]
        return low + share * (high - low)
    return reading.finite(item, path)


def _held(body: Body, x: float, y: float) -> bool:
    """Tell whether a point lies within a thousandth of the side from an edge that does not move."""
    x0, y0, x1, y1 = body.shape.box
    near = 1e-3 * min(x1 - x0, y1 - y0)
    if isinstance(body.shape, Circle):
        return body.edges != "F" and float(body.shape.radius - (x * x + y * y) ** 0.5) < near
    gaps = (x - x0, y - y0, x1 - x, y1 - y)
    return any(gap < near and edge != "F" for gap, edge in zip(gaps, body.edges, strict=True))


def _views(given: Any) -> tuple[str, ...]:
    items = reading.sequence([given] if isinstance(given, str) else given, "options.views", 1, len(VIEWS))
    chosen = [reading.choice(item, f"options.views[{i}]", VIEWS) for i, item in enumerate(items)]
    return tuple(dict.fromkeys(chosen))


def _sweep(given: Any, body: Body) -> Sweep | None:
    if given is None:
        return None
    path, sweep = "options.sweep", reading.mapping(given, "options.sweep")
    reading.known(sweep, ("from", "to", "steps", "format"), f"{path}.")
    highest = limits.highest_drive(body)
    start, stop = (_frequency(sweep.get(name), f"{path}.{name}", highest) for name in ("from", "to"))
    if start >= stop:
        raise ParameterError(f"{path}.to", f"must be above {path}.from, {start:g} Hz.")
    steps = reading.whole(sweep.get("steps", 24), f"{path}.steps", 2, MOST_FREQUENCIES)
    return Sweep(start, stop, steps, reading.choice(sweep.get("format", "webp"), f"{path}.format", SWEEPS))


def _flag(value: Any, path: str) -> bool:
    if not isinstance(value, bool):
        raise ParameterError(path, "must be true or false.")
    return value
