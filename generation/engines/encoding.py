"""Arrays to files that people can open."""

import struct
import zlib
from collections.abc import Mapping
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]

EXIF_DESCRIPTION = 0x010E
_COLOUR_TYPE = {1: 0, 3: 2, 4: 6}
_NONE, _SUB, _UP = 0, 1, 2
_SAMPLE_ROWS = 24
# Huffman coding alone is several times faster; it is taken unless matching saves at least this much.
_WORTH_MATCHING = 0.93


def encode_png(pixels: NDArray[np.uint8], text: Mapping[str, str] | None = None) -> bytes:
    """Encode an image as PNG (ISO/IEC 15948), quickly: one filter and one zlib strategy, tried on a few rows.

    Parameters
    ----------
    pixels
        Array of shape (height, width), (height, width, 3) or (height, width, 4), 8 bits a channel.
    text
        Keyword and text pairs to store as UTF-8 in ``iTXt`` chunks.
    """
    image = pixels[..., None] if pixels.ndim == 2 else pixels
    height, width, channels = image.shape
    flat = np.ascontiguousarray(image).reshape(height, width * channels)
    chosen, strategy = _plan(flat, channels)
    header = struct.pack(">IIBBBBB", width, height, 8, _COLOUR_TYPE[channels], 0, 0, 0)
    chunks = [_chunk(b"IHDR", header)]
    chunks += [
        _chunk(b"iTXt", key.encode("latin-1") + b"\0\0\0\0\0" + value.encode()) for key, value in (text or {}).items()
    ]
    data = _deflate(_filtered(flat, channels, chosen), strategy)
    return b"\x89PNG\r\n\x1a\n" + b"".join([*chunks, _chunk(b"IDAT", data), _chunk(b"IEND", b"")])


def encode_webp(pixels: NDArray[np.uint8], text: Mapping[str, str] | None = None) -> bytes:
    """Encode an image as lossy WebP of high quality.

    WebP has no text chunks: the longest text goes into the Exif field ImageDescription, which must be ASCII.
    """
    from PIL import Image

    exif = Image.Exif()
    if text:
        exif[EXIF_DESCRIPTION] = max(text.values(), key=len)
    target = BytesIO()
    Image.fromarray(pixels).save(target, "WEBP", quality=92, method=2, exif=exif)
    return target.getvalue()


def _plan(flat: Bytes, channels: int) -> tuple[int, int]:
    # Rows from the whole height; each filter needs the row above, so the sample is made of pairs.
    rows = np.unique(np.linspace(1, len(flat) - 1, _SAMPLE_ROWS).astype(np.intp)) if len(flat) > 1 else np.array([0])
    pairs = flat[np.stack([np.maximum(rows - 1, 0), rows], axis=1).ravel()]
    best, best_size = (_SUB, zlib.Z_DEFAULT_STRATEGY), float("inf")
    for chosen in (_NONE, _SUB, _UP):
        sample = _filtered(pairs, channels, chosen)[1::2] if len(pairs) > 1 else _filtered(pairs, channels, chosen)
        matched = len(_deflate(sample, zlib.Z_DEFAULT_STRATEGY))
        huffman = len(_deflate(sample, zlib.Z_HUFFMAN_ONLY))
        fast = matched > huffman * _WORTH_MATCHING
        size = huffman if fast else matched
        if size < best_size:
            best, best_size = (chosen, zlib.Z_HUFFMAN_ONLY if fast else zlib.Z_DEFAULT_STRATEGY), size
    return best


def _filtered(flat: Bytes, channels: int, chosen: int) -> Bytes:
    rows = np.empty((len(flat), 1 + flat.shape[1]), np.uint8)
    rows[:, 0] = chosen
    body = rows[:, 1:]
    if chosen == _SUB:
        body[:, :channels] = flat[:, :channels]
        np.subtract(flat[:, channels:], flat[:, :-channels], out=body[:, channels:])
    elif chosen == _UP:
        body[:1] = flat[:1]
        np.subtract(flat[1:], flat[:-1], out=body[1:])
    else:
        body[:] = flat
    return rows


def _deflate(rows: Bytes, strategy: int) -> bytes:
    deflate = zlib.compressobj(1, strategy=strategy)
    return deflate.compress(np.ascontiguousarray(rows).data) + deflate.flush()


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
