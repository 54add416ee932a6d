"""Pictures as files that carry their own parameters, and the way back from a file to them."""

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from generation.engines import encoding
from generation.engines.art import record
from generation.engines.art.canvas import Frame, Scalable
from generation.engines.art.palette import Palette
from generation.engines.art.params import Params
from generation.engines.contract import File, Mood
from generation.engines.errors import ParameterError

KEY = "parameters"
_MEDIA_TYPES = {"png": "image/png", "webp": "image/webp", "svg": "image/svg+xml"}


def picture(pixels: NDArray[np.uint8], params: Params, mood: Mood, *, name: str) -> File:
    """Encode pixels as PNG or WebP with the parameters inside; what goes with an SVG is PNG."""
    kind = "webp" if params.format == "webp" else "png"
    text = {"Title": params.prompt, "Software": "MC AI", KEY: record.dumps(params.record(mood))}
    encode = encoding.encode_webp if kind == "webp" else encoding.encode_png
    size = {"width": pixels.shape[1], "height": pixels.shape[0]}
    return File(f"{name}.{kind}", _MEDIA_TYPES[kind], encode(pixels, text), size)


def drawing(art: Scalable, colours: Palette, params: Params, mood: Mood, *, name: str) -> File:
    """Write a drawing as SVG with the parameters in its ``metadata`` element."""
    width, height = params.width, params.height
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">'
    ground = [] if colours.transparent else [f'<rect width="100%" height="100%" fill="{colours.ground}"/>']
    lines = [
        head,
        f"<title>{escape(params.prompt)}</title>",
        f'<metadata id="{KEY}">{escape(record.dumps(params.record(mood)))}</metadata>',
        *ground,
        *art.svg(Frame(width, height)),
        "</svg>",
    ]
    return File(f"{name}.svg", _MEDIA_TYPES["svg"], "\n".join(lines).encode(), {"width": width, "height": height})


def read_parameters(content: bytes) -> Any:
    """Return the record inside a PNG, WebP or SVG file, still unchecked, for the ``replay`` of a request.

    Raises
    ------
    ParameterError
        The file is none of ours, or has lost its parameters.
    """
    found = _from_svg(content) if content.lstrip()[:5] in (b"<svg ", b"<?xml") else _from_image(content)
    if found is None:
        raise ParameterError("replay", "the file holds no parameters")
    return found


def _from_svg(content: bytes) -> str | None:
    from xml.etree import ElementTree

    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - expat refuses entity bombs since 2.4.1
    except ElementTree.ParseError:
        raise ParameterError("replay", "the file is no readable SVG") from None
    for element in root.iter("{http://www.w3.org/2000/svg}metadata"):
        if element.get("id") == KEY:
            return element.text
    return None


def _from_image(content: bytes) -> str | None:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(BytesIO(content), formats=("PNG", "WEBP")) as image:
            image.load()
            held = image.info.get(KEY) or image.getexif().get(encoding.EXIF_DESCRIPTION)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise ParameterError("replay", "the file is no readable PNG, WebP or SVG") from None
    return held if isinstance(held, str) else None
