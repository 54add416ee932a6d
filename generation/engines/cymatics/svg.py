"""Nodal lines as SVG."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from generation.engines.cymatics.bodies import Circle
from generation.engines.cymatics.nodal import thinned
from generation.engines.cymatics.pictures import Canvas

Array = NDArray[np.float64]


def nodal_lines(lines: Sequence[Array], canvas: Canvas, ground: str, ink: str, title: str) -> bytes:
    """Draw polylines (m, y up) as one path on the body's outline."""
    width, height = canvas.size
    x0, _, x1, y1 = canvas.shape.box
    scale = width / (x1 - x0)
    drawn = " ".join(_path(thinned(line, 0.3 / scale), scale, x0, y1) for line in lines)
    outline = (
        f'<circle cx="{width / 2:g}" cy="{height / 2:g}" r="{width / 2:g}" fill="{ground}"/>'
        if isinstance(canvas.shape, Circle)
        else f'<rect width="{width}" height="{height}" fill="{ground}"/>'
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
        f"<title>{title}</title>{outline}"
        f'<path d="{drawn}" fill="none" stroke="{ink}" stroke-width="{width / 256:g}" stroke-linejoin="round"/></svg>\n'
    ).encode()


def _path(line: Array, scale: float, left: float, top: float) -> str:
    points = [f"{(x - left) * scale:.1f} {(top - y) * scale:.1f}" for x, y in line.tolist()]
    return "M" + "L".join(points)
