"""Two passes: render to a temporary file while measuring, then read it back at the right gain."""

import math
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np

from generation.engines.music.mastering.limiter import apply, gain_curve
from generation.engines.music.mastering.loudness import PER_SECOND, Array, Meter, integrated
from generation.engines.music.mastering.peaks import REACH, slice_peaks
from generation.engines.music.spectra import Floats

_FRAME = 4
"""Bytes of one sample in the temporary files, one for each channel."""
_MARGIN_DB = 0.2
_SLICES = 900
_CLOSE = 0.02


@dataclass(frozen=True, slots=True)
class Target:
    """``loudness`` in LUFS, ``ceiling`` in dBTP."""

    loudness: float
    ceiling: float = -1.0


class Master:
    """A rendered piece on disk, its measures, and the gain it will be read with. Use as a context manager."""

    def __init__(self, blocks: Iterable[Floats], total: int, rate: int, target: Target) -> None:
        self.total, self.rate, self._size = total, rate, rate // PER_SECOND
        self._closing = ExitStack()
        self._files = [self._closing.enter_context(open_file()) for open_file in (tempfile.TemporaryFile,) * 2]
        self._meter = Meter(rate)
        for block in blocks:
            self._meter.feed(block)
            for channel, file in zip(block, self._files, strict=True):
                channel.tofile(file)
        energies, peaks = self._meter.energies(), self._true_peaks(target)
        self._curve = gain_curve(energies, peaks, target.loudness, _amplitude(target.ceiling - _MARGIN_DB))
        self.loudness = integrated(energies * self._curve**2)
        """LUFS of the finished piece."""
        self.true_peak = 20 * math.log10(max(1e-6, float(np.max(peaks * self._curve))))
        """dBTP of the finished piece."""

    def __enter__(self) -> "Master":
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def blocks(self) -> Iterator[Floats]:
        """Yield finished stereo blocks of shape (2, n)."""
        step = self._size * _SLICES
        for start in range(0, self.total, step):
            block = np.pad(self._read(start, step), ((0, 0), (0, -min(step, self.total - start) % self._size)))
            louder = apply(block, start // self._size, self._curve, self._size)
            yield self._rested(louder[:, : self.total - start], start)

    def _rested(self, block: Floats, start: int) -> Floats:
        """Bring the very end to rest, so that the last sample is silence."""
        fade = int(_CLOSE * self.rate)
        left = self.total - start - np.arange(block.shape[1])
        return block if left[-1] > fade else block * np.minimum(1.0, (left - 1) / fade).astype(np.float32)

    def _true_peaks(self, target: Target) -> Array:
        """True peaks slice by slice; those below half the ceiling can never need the limiter."""
        energies = self._meter.energies()
        gain = _amplitude(target.loudness - integrated(energies))
        floor = 0.5 * _amplitude(target.ceiling) / gain
        step = self._size * _SLICES
        found = [slice_peaks(self._around(at, step), self._size, floor) for at in range(0, self.total, step)]
        peaks = np.concatenate(found).astype(np.float64)
        return np.resize(np.pad(peaks, (0, max(0, len(energies) - len(peaks)))), len(energies))

    def _around(self, start: int, count: int) -> Floats:
        """Samples with those before and after them, silence beyond the ends of the piece."""
        first, last = max(0, start - REACH), min(self.total, start + count + REACH)
        missing = (first - (start - REACH), start + count + REACH - last)
        return np.pad(self._read(first, last - first), ((0, 0), missing))

    def _read(self, start: int, count: int) -> Floats:
        for file in self._files:
            file.seek(start * _FRAME)
        count = min(count, self.total - start)
        return np.stack([np.fromfile(file, np.float32, count) for file in self._files])


def _amplitude(decibels: float) -> float:
    return float(10 ** (decibels / 20))
