"""Cymatics: the patterns that real plates, membranes and dishes of water show.

:class:`Params` is at hand at once; what computes is imported when it is first asked for.
"""

from typing import TYPE_CHECKING, Any

from generation.engines.cymatics.params import Params

if TYPE_CHECKING:
    from generation.engines.cymatics.engine import generate

__all__ = ["Params", "generate"]

_HOMES = {"generate": "engine"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
