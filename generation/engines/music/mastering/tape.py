"""Where the mixed piece waits between its two passes: in memory when it is short, else in temporary files."""

import tempfile
from contextlib import ExitStack

import numpy as np

from generation.engines.music.spectra import Floats

_IN_MEMORY = 8 << 20
_FRAME = 4
"""Bytes of one sample of one channel."""


class Tape:
    """Stereo samples, written once from start to end, then read anywhere. Use as a context manager."""

    def __init__(self, total: int) -> None:
        self.total, self._written = total, 0
        self._closing = ExitStack()
        short = 2 * _FRAME * total <= _IN_MEMORY
        self._held = np.empty((2, total), np.float32) if short else None
        opening = () if short else (tempfile.TemporaryFile,) * 2
        self._files = [self._closing.enter_context(open_file()) for open_file in opening]

    def __enter__(self) -> "Tape":
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def write(self, block: Floats) -> None:
        """Go on with samples of shape (2, n)."""
        if self._held is not None:
            self._held[:, self._written : self._written + block.shape[1]] = block
        for channel, file in zip(block, self._files, strict=False):
            channel.tofile(file)
        self._written += block.shape[1]

    def read(self, start: int, count: int) -> Floats:
        """Return samples [start, start + count), shape (2, count), with silence beyond the ends of the piece."""
        first, last = max(0, start), min(self.total, start + count)
        found = self._found(first, last)
        missing = (first - start, start + count - last)
        return np.pad(found, ((0, 0), missing)) if any(missing) else found

    def _found(self, first: int, last: int) -> Floats:
        if self._held is not None:
            return self._held[:, first:last]
        for file in self._files:
            file.seek(first * _FRAME)
        return np.stack([np.fromfile(file, np.float32, last - first) for file in self._files])
