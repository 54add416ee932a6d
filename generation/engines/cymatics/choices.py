"""What a request may choose by name. Standard library only."""

from dataclasses import dataclass

MODELS = ("plate", "disc", "membrane", "water")
SHAPES = ("rectangle", "circle")
VIEWS = ("sand", "displacement", "phase")
WINDOWS = ("rectangular", "hann", "hamming", "blackman", "blackman-harris")
SWEEPS = ("strip", "webp", "gif")
DRIVES = ("displacement", "force")
EDGE_WORDS = {"free": "F", "supported": "S", "simply supported": "S", "clamped": "C"}

Stops = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Palette:
    """Colour stops of the sand figure (bare to sand) and of the displacement view (trough, rest, crest)."""

    sand: Stops
    relief: Stops


_COOL_WARM = ((36, 64, 142), (122, 160, 214), (240, 240, 236), (222, 142, 108), (142, 28, 48))

PALETTES = {
    "sand": Palette(((24, 25, 29), (74, 66, 56), (206, 182, 138), (250, 238, 208)), _COOL_WARM),
    "chalk": Palette(((18, 30, 28), (52, 74, 68), (190, 204, 198), (252, 252, 248)), _COOL_WARM),
    "ink": Palette(((250, 247, 240), (214, 206, 194), (92, 84, 88), (16, 16, 24)), _COOL_WARM),
    "brass": Palette(
        ((132, 94, 38), (168, 126, 58), (234, 214, 170), (255, 250, 238)),
        ((60, 38, 10), (150, 106, 42), (236, 214, 160), (255, 240, 204), (255, 255, 255)),
    ),
    "ocean": Palette(
        ((4, 18, 46), (10, 66, 110), (70, 170, 190), (232, 252, 250)),
        ((4, 18, 46), (16, 84, 130), (120, 190, 204), (216, 240, 238), (255, 255, 255)),
    ),
    "ember": Palette(
        ((16, 8, 12), (92, 22, 24), (232, 120, 40), (255, 240, 190)),
        ((16, 8, 40), (86, 24, 96), (196, 60, 76), (246, 154, 60), (255, 244, 190)),
    ),
}
