"""Draws what the parameters ask for: one picture, or a contact sheet and its variations."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from generation.engines.art import finish, output, palette, score, sheet, styles
from generation.engines.art.canvas import Frame, Painting, Scalable, Scene, shrink
from generation.engines.art.params import Params
from generation.engines.contract import File, Mood, Progress, Result

# The share of a picture's work that goes into composing it, roughly, over all styles.
_COMPOSING = 0.4


@dataclass(frozen=True)
class Composition:
    """A picture before it has pixels."""

    frame: Frame
    palette: palette.Palette
    score: score.Score
    painting: Painting


def produce(params: Params, *, mood: Mood, progress: Progress) -> Result:
    """Draw everything; the mood recorded in a replay stands before the one given."""
    felt = params.mood or mood
    drawn: list[Composition] = []
    files: list[File] = []
    pictures: list[finish.Bytes] = []
    for i in range(params.variations):
        part = params.variation(i) if params.variations > 1 else params
        composition, pixels = _draw(part, felt, _part(progress, i, params.variations))
        drawn.append(composition)
        files.append(_file(part, felt, composition, pixels))
        pictures.append(pixels)
    if params.variations > 1:
        files.insert(0, output.picture(sheet.arrange(pictures), params, felt, name="contact-sheet"))
    progress(1.0, "done")
    return Result(_data(params, felt, drawn[0]), tuple(files))


def compose(params: Params, mood: Mood, progress: Callable[[float], None] = lambda _: None) -> Composition:
    """Read prompt and mood, choose colours and let the style compose."""
    style = styles.load(params.style)
    frame = Frame(params.width * params.supersampling, params.height * params.supersampling)
    rng = _rng(params)
    read = score.read(params.prompt, mood, complexity=params.complexity, symmetry=params.symmetry, rng=rng)
    prefer = style.GROUND if style.GROUND != "either" else "light" if read.light > 0.55 else "dark"
    colours = palette.choose(
        params.palette, background=params.background, prompt=params.prompt, mood=mood, rng=rng, prefer=prefer
    )
    return Composition(frame, colours, read, style.compose(Scene(frame, read, colours, rng, progress)))


def paint(composition: Composition, supersampling: int, progress: Callable[[float], None]) -> finish.Bytes:
    """Paint a composition band by band into 8-bit pixels, RGB or RGBA."""
    frame, colours, painting = composition.frame, composition.palette, composition.painting
    target = Frame(frame.width // supersampling, frame.height // supersampling)
    pixels = np.empty((target.height, target.width, 4 if colours.transparent else 3), np.uint8)
    for band in target.bands(max(1, painting.band_pixels // supersampling**2)):
        fine = type(band)(frame, band.top * supersampling, band.bottom * supersampling)
        tile = shrink(painting.tile(fine), supersampling)
        pixels[band.top : band.bottom] = finish.develop(
            tile, colours.ground_light, band, transparent=colours.transparent
        )
        progress(band.bottom / target.height)
    return pixels


def _draw(params: Params, mood: Mood, progress: Progress) -> tuple[Composition, finish.Bytes]:
    small = _thumbnail(params) if params.format == "svg" else params
    composition = compose(params, mood, lambda done: progress(_COMPOSING * done, "composing"))
    raster = composition if small is params else replace(composition, frame=Frame(small.width, small.height))
    progress(_COMPOSING, "painting")

    def painted(done: float) -> None:
        progress(_COMPOSING + (0.95 - _COMPOSING) * done, "painting")

    return composition, paint(raster, small.supersampling, painted)


def _thumbnail(params: Params) -> Params:
    # A drawing needs pixels only for the contact sheet.
    scale = min(1.0, sheet.SIDE / max(params.width, params.height))
    width, height = max(1, round(params.width * scale)), max(1, round(params.height * scale))
    return replace(params, width=width, height=height, supersampling=1)


def _file(params: Params, mood: Mood, composition: Composition, pixels: finish.Bytes) -> File:
    name = f"{params.style}-{params.seed}"
    if params.format == "svg" and isinstance(composition.painting, Scalable):
        return output.drawing(composition.painting, composition.palette, params, mood, name=name)
    return output.picture(pixels, params, mood, name=name)


def _data(params: Params, mood: Mood, first: Composition) -> dict[str, object]:
    return {
        "seed": params.seed,
        "style": params.style,
        "palette": list(first.palette.inks),
        "background": "transparent" if first.palette.transparent else first.palette.ground,
        "emotion": params.emotion or mood.emotion,
        "score": first.score.data() | {"palette": first.palette.why},
        "parameters": params.record(mood),
    }


def _rng(params: Params) -> np.random.Generator:
    digest = hashlib.sha256(f"{params.prompt}\n{params.style}".encode()).digest()
    return np.random.default_rng([params.seed, int.from_bytes(digest[:8], "big")])


def _part(progress: Progress, index: int, count: int) -> Progress:
    def report(fraction: float, stage: str) -> None:
        label = stage if count == 1 else f"{stage} {index + 1} of {count}"
        progress((index + fraction) / count, label)

    return report
