"""The files of one pattern: pictures as asked for, and its nodal lines as SVG."""

import tempfile
from dataclasses import dataclass, replace
from typing import BinaryIO

from generation.engines.contract import File
from generation.engines.cymatics import pictures, svg
from generation.engines.cymatics.choices import PALETTES
from generation.engines.cymatics.modal import Field, Modes
from generation.engines.cymatics.nodal import NodalLines
from generation.engines.cymatics.params import Params
from generation.engines.cymatics.pictures import Canvas, Pixels
from generation.engines.encoding import encode_png

MOST_HELD = 32 * 2**20
"""Bytes of pictures that a result keeps in memory."""


@dataclass(frozen=True)
class Picture:
    """What is to be drawn: a table of products, its root-mean-square amplitude, and its nodal lines."""

    name: str
    table: Field
    level: float
    lines: NodalLines


def draw(params: Params, modes: Modes, picture: Picture) -> list[File]:
    """Draw the views asked for."""
    canvas = Canvas(params.body.shape, params.resolution)
    files = [_png(f"{view}-{picture.name}.png", _view(params, modes, view, picture, canvas)) for view in params.views]
    return [*files, _svg(f"nodal-{picture.name}.svg", params, picture, canvas)]


def spilled(files: list[File], held: int) -> list[File]:
    """Move pictures into temporary files where, with the ``held`` bytes, they would weigh on a worker's memory."""
    kept = []
    for file in files:
        held += len(file.content) if isinstance(file.content, bytes) else 0
        kept.append(replace(file, content=_stream(file.content)) if held > MOST_HELD else file)
    return kept


def bytes_held(files: list[File]) -> int:
    """Return how many bytes of pictures are in memory."""
    return sum(len(file.content) for file in files if isinstance(file.content, bytes))


def _stream(content: bytes | BinaryIO) -> BinaryIO:
    stream = tempfile.TemporaryFile()  # noqa: SIM115 - whoever takes the file closes it
    stream.write(content if isinstance(content, bytes) else content.read())
    stream.seek(0)
    return stream


def _view(params: Params, modes: Modes, view: str, picture: Picture, canvas: Canvas) -> Pixels:
    if view == "sand":
        return pictures.sand(modes.space, picture.table, canvas, picture.level, params.palette)
    if view == "displacement":
        return pictures.displacement(modes.space, picture.table, canvas, picture.level, params.palette)
    return pictures.phase(modes.space, picture.table, canvas)


def _png(name: str, picture: Pixels) -> File:
    height, width = picture.shape[:2]
    return File(name, "image/png", encode_png(picture), {"width": width, "height": height})


def _svg(name: str, params: Params, picture: Picture, canvas: Canvas) -> File:
    width, height = canvas.size
    colours = PALETTES[params.palette].sand
    content = svg.nodal_lines(picture.lines.polylines, canvas, _hex(colours[0]), _hex(colours[-1]), picture.name)
    return File(name, "image/svg+xml", content, {"width": width, "height": height})


def _hex(colour: tuple[int, int, int]) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
