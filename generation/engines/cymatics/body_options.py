"""From options to the body that is made to vibrate. Standard library only."""

from collections.abc import Mapping
from typing import Any

from generation.engines.cymatics import reading
from generation.engines.cymatics.bodies import Body, Circle, Liquid, Medium, Rectangle, Shape, Sheet, Skin
from generation.engines.cymatics.choices import EDGE_WORDS, MODELS, SHAPES
from generation.engines.cymatics.materials import MATERIALS
from generation.engines.errors import ParameterError

_SOLID = ("size", "edges", "thickness", "material", "E", "rho", "nu")
OPTIONS = {
    "plate": _SOLID,
    "disc": _SOLID,
    "membrane": ("size", "edges", "shape", "tension", "thickness", "rho"),
    "water": ("size", "edges", "shape", "depth", "rho", "surface_tension", "viscosity"),
}
"""Which options describe each model."""

_SIZE = {"plate": 0.24, "disc": 0.24, "membrane": 0.30, "water": 0.10}
_EDGES = {"plate": "FSC", "disc": "FSC", "membrane": "SC", "water": "F"}
_LONGEST = 1000.0
_LONGEST_ASPECT = 20.0
_THICKEST = 0.2


def body(options: Mapping[str, Any]) -> Body:
    """Build the body that ``options`` describe."""
    model = model_of(options)
    shape = _shape(options, model)
    return Body(shape, _medium(options, model, shape), _edges(options, model, shape))


def model_of(options: Mapping[str, Any]) -> str:
    """Return the name of the model, ``plate`` unless said otherwise."""
    return reading.choice(options.get("model", "plate"), "options.model", MODELS)


def _shape(options: Mapping[str, Any], model: str) -> Shape:
    size = options.get("size", _SIZE[model])
    listed = isinstance(size, list | tuple)
    usual = "circle" if model == "disc" or (model in ("membrane", "water") and not listed) else "rectangle"
    if reading.choice(options.get("shape", usual), "options.shape", SHAPES) == "circle":
        return Circle(_length(size, "options.size") / 2)
    sides = reading.sequence(size if listed else [size, size], "options.size", 2, 2)
    a, b = (_length(side, f"options.size[{i}]" if listed else "options.size") for i, side in enumerate(sides))
    if max(a / b, b / a) > _LONGEST_ASPECT:
        raise ParameterError("options.size", f"sides must be within {_LONGEST_ASPECT:g} to 1; use a beam's theory.")
    return Rectangle(a, b)


def _medium(options: Mapping[str, Any], model: str, shape: Shape) -> Medium:
    if model == "membrane":
        density = _positive(options, "rho", 1380.0) * _positive(options, "thickness", 0.19e-3)
        return Skin(_positive(options, "tension", 1000.0), density)
    if model == "water":
        return Liquid(
            depth=_positive(options, "depth", 0.01),
            rho=_positive(options, "rho", 998.2),
            surface_tension=reading.number(options.get("surface_tension", 0.0728), "options.surface_tension", 0, 10),
            viscosity=_positive(options, "viscosity", 1.0e-6),
        )
    return _sheet(options, shape)


def _sheet(options: Mapping[str, Any], shape: Shape) -> Sheet:
    name = reading.choice(options.get("material", "steel"), "options.material", MATERIALS)
    material = MATERIALS[name]
    x0, y0, x1, y1 = shape.box
    thickness = _positive(options, "thickness", 1e-3)
    thickest = _THICKEST * min(x1 - x0, y1 - y0)
    if thickness > thickest:
        raise ParameterError("options.thickness", f"must be at most {thickest:g} m, a fifth of the shorter side.")
    return Sheet(
        _positive(options, "E", material.E),
        _positive(options, "rho", material.rho),
        _nu(options, material.nu),
        thickness,
    )


def _nu(options: Mapping[str, Any], usual: float) -> float:
    nu = reading.finite(options.get("nu", usual), "options.nu")
    if not -1 < nu <= 0.5:
        raise ParameterError("options.nu", f"must be above -1 and at most 0.5, not {nu:g}.")
    return nu


def _edges(options: Mapping[str, Any], model: str, shape: Shape) -> str:
    allowed, sides = _EDGES[model], 1 if isinstance(shape, Circle) else 4
    given = reading.text(options.get("edges", allowed[0]), "options.edges").strip()
    letters = EDGE_WORDS.get(given.lower(), given.upper())
    letters = letters * sides if len(letters) == 1 else letters
    if len(letters) != sides or set(letters) - set(allowed):
        wanted = "four letters for the sides x=0, y=0, x=a, y=b" if sides == 4 else "one letter"
        raise ParameterError("options.edges", f"must be {wanted}, of {', '.join(allowed)}, not '{given[:20]}'.")
    return letters


def _length(value: Any, path: str) -> float:
    length = reading.positive(value, path, " m")
    return reading.number(length, path, 1e-4, _LONGEST, " m")


def _positive(options: Mapping[str, Any], name: str, usual: float) -> float:
    return reading.number(reading.positive(options.get(name, usual), f"options.{name}"), f"options.{name}", 1e-12, 1e15)
