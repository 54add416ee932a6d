"""A sweep: the sand figure as the frequency rises, as a strip of pictures or an animation."""

import io
from typing import Any

import numpy as np

from generation.engines.contract import File, Progress
from generation.engines.cymatics import analysis, excitation, pictures
from generation.engines.cymatics.modal import Modes
from generation.engines.cymatics.params import Params
from generation.engines.cymatics.pictures import Canvas, Pixels
from generation.engines.encoding import encode_png

FRAME = 256
"""Longer side of a frame in pixels."""

_MILLISECONDS = 120
_GUTTER = 8
_COLUMNS = 8


def frequencies(params: Params) -> list[float]:
    """Return the frequencies of a sweep in Hz, evenly spaced in pitch; none where no sweep is asked for."""
    if params.sweep is None:
        return []
    sweep = params.sweep
    return [float(f"{f:.6g}") for f in np.geomspace(sweep.start, sweep.stop, sweep.steps)]


def draw(params: Params, modes: Modes, progress: Progress) -> tuple[dict[str, Any], File]:
    """Draw the sweep of a request; return what it covers as JSON, and its file."""
    assert params.sweep is not None
    listed = frequencies(params)
    frames = []
    for done, frequency in enumerate(listed):
        progress(0.85 + 0.1 * done / len(listed), f"sweep, {frequency:g} Hz")
        frames.append(_frame(params, modes, frequency))
    return {"frequencies": listed, "format": params.sweep.format}, _file(frames, params.sweep.format)


def _frame(params: Params, modes: Modes, frequency: float) -> Pixels:
    motion = excitation.excite(params, modes, frequency)
    table = analysis.in_phase(excitation.table(modes, motion))
    level = excitation.level(modes, motion)
    return pictures.sand(modes.space, table, Canvas(params.body.shape, FRAME), level, params.palette)


def _file(frames: list[Pixels], kind: str) -> File:
    height, width = frames[0].shape[:2]
    if kind == "strip":
        sheet = _sheet(frames)
        return File("sweep.png", "image/png", encode_png(sheet), {"width": sheet.shape[1], "height": sheet.shape[0]})
    content = _animation(frames, kind)
    seconds = len(frames) * _MILLISECONDS / 1000
    return File(f"sweep.{kind}", f"image/{kind}", content, {"width": width, "height": height, "duration": seconds})


def _sheet(frames: list[Pixels]) -> Pixels:
    """Lay frames out in rows, on white."""
    height, width = frames[0].shape[:2]
    columns = min(len(frames), _COLUMNS)
    rows = -(-len(frames) // columns)
    sheet = np.full((rows * (height + _GUTTER) - _GUTTER, columns * (width + _GUTTER) - _GUTTER, 3), 255, np.uint8)
    for number, frame in enumerate(frames):
        top, left = number // columns * (height + _GUTTER), number % columns * (width + _GUTTER)
        sheet[top : top + height, left : left + width] = frame
    return sheet


def _animation(frames: list[Pixels], kind: str) -> bytes:
    from PIL import Image

    images = [Image.fromarray(frame) for frame in frames]
    target = io.BytesIO()
    images[0].save(
        target,
        kind.upper(),
        save_all=True,
        append_images=images[1:],
        duration=_MILLISECONDS,
        loop=0,
        quality=60,
        method=2,
    )
    return target.getvalue()
