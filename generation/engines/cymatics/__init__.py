"""Cymatics: the patterns that real plates, membranes and dishes of water show.

``generate(Params.parse(body))`` is what a job runs. For numbers alone::

    plate = cymatics.body("plate", size=0.24, thickness=1e-3, material="brass", edges="FFFF")
    modes = cymatics.eigenmodes(plate, 20)
    answer = cymatics.respond(modes, 440.0, cymatics.Drive("force", (0.05, 0.1)), damping=0.01)

:class:`Params` is at hand at once; what computes is imported when it is first asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from generation.engines.cymatics.params import Params

if TYPE_CHECKING:
    from generation.engines.cymatics.bodies import Body, Circle, Liquid, Rectangle, Sheet, Skin
    from generation.engines.cymatics.cache import EigenCache
    from generation.engines.cymatics.engine import generate
    from generation.engines.cymatics.materials import MATERIALS
    from generation.engines.cymatics.modal import Modes
    from generation.engines.cymatics.response import Drive, Response, power_balance, resonances, respond
    from generation.engines.cymatics.science import body, elastic, mobility, static_deflection
    from generation.engines.cymatics.solve import eigenmodes

_HOMES = {
    "bodies": ("Body", "Circle", "Liquid", "Rectangle", "Sheet", "Skin"),
    "cache": ("EigenCache",),
    "engine": ("generate",),
    "materials": ("MATERIALS",),
    "modal": ("Modes",),
    "response": ("Drive", "Response", "power_balance", "resonances", "respond"),
    "science": ("body", "elastic", "mobility", "static_deflection"),
    "solve": ("eigenmodes",),
}

__all__ = [
    "MATERIALS",
    "Body",
    "Circle",
    "Drive",
    "EigenCache",
    "Liquid",
    "Modes",
    "Params",
    "Rectangle",
    "Response",
    "Sheet",
    "Skin",
    "body",
    "eigenmodes",
    "elastic",
    "generate",
    "mobility",
    "power_balance",
    "resonances",
    "respond",
    "static_deflection",
]


def __getattr__(name: str) -> Any:
    home = next((home for home, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{home}"), name)
