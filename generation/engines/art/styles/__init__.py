"""The styles: each module composes a painting from a scene, and says which ground it would rather lie on.

To add a style, write a module here with ``GROUND`` and ``compose``, and name it in ``art/vocabulary.py``.
"""

from importlib import import_module
from typing import Protocol, cast

from generation.engines.art.canvas import Painting, Scene


class StyleModule(Protocol):
    """``GROUND`` is ``dark``, ``light``, or ``either``, which lets the score's light decide."""

    GROUND: str

    def compose(self, scene: Scene) -> Painting:
        """Compose the picture; this is where all chance is drawn."""
        ...


def load(name: str) -> StyleModule:
    """Import the module of a style that the vocabulary knows."""
    return cast(StyleModule, import_module(f"{__name__}.{name}"))
