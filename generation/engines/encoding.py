"""Arrays to files that people can open."""

import struct
import zlib
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

_COLOUR_TYPE = {1: 0, 3: 2, 4: 6}


def encode_png(pixels: NDArray[np.uint8], text: Mapping[str, str] | None = None) -> bytes:
    """Encode an image as PNG (ISO/IEC 15948), each row with the Sub filter, at zlib level 1.

    Parameters
    ----------
    pixels
        Array of shape (height, width), (height, width, 3) or (height, width, 4), 8 bits a channel.
    text
        Keyword and text pairs to store as UTF-8 in ``iTXt`` chunks.
    """
    image = pixels[..., None] if pixels.ndim == 2 else pixels
    height, width, channels = image.shape
    rows = np.empty((height, 1 + width * channels), np.uint8)
    rows[:, 0] = 1
    flat = np.ascontiguousarray(image).reshape(height, width * channels)
    rows[:, 1 : 1 + channels] = flat[:, :channels]
    np.subtract(flat[:, channels:], flat[:, :-channels], out=rows[:, 1 + channels :])
    header = struct.pack(">IIBBBBB", width, height, 8, _COLOUR_TYPE[channels], 0, 0, 0)
    chunks = [_chunk(b"IHDR", header)]
    chunks += [
        _chunk(b"iTXt", key.encode("latin-1") + b"\0\0\0\0\0" + value.encode()) for key, value in (text or {}).items()
    ]
    chunks += [_chunk(b"IDAT", zlib.compress(rows.data, 1)), _chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
