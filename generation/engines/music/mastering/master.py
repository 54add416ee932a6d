"""Two passes: measure the piece while it is rendered, then read it back at the right gain."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from generation.engines.music.mastering.limiter import apply, gain_curve
from generation.engines.music.mastering.loudness import PER_SECOND, Array, Meter, integrated
from generation.engines.music.mastering.peaks import REACH, slice_peaks
from generation.engines.music.mastering.tape import Tape
from generation.engines.music.spectra import Floats

_MARGIN_DB = 0.2
_SLICES = PER_SECOND
"""Slices that are read at a time: few enough to stay in the processor's cache."""
_CLOSE = 0.02
_FAR = 0.6
"""Part of the ceiling below which a sample has no true peak beside it that would pass the ceiling."""


@dataclass(frozen=True, slots=True)
class Target:
    """``loudness`` in LUFS, ``ceiling`` in dBTP."""

    loudness: float
    ceiling: float = -1.0


class Master:
    """A rendered piece, its measures, and the gain it will be read with. Use as a context manager."""

    def __init__(self, blocks: Iterable[Floats], total: int, rate: int, target: Target) -> None:
        self.total, self.rate, self._size = total, rate, rate // PER_SECOND
        self._meter, self._tape = Meter(rate), Tape(total)
        for block in blocks:
            self._meter.feed(block)
            self._tape.write(block)
        energies, peaks = self._meter.energies(), self._true_peaks(target)
        self._curve = gain_curve(energies, peaks, target.loudness, _amplitude(target.ceiling - _MARGIN_DB))
        self.loudness = integrated(energies * self._curve**2)
        """LUFS of the finished piece."""
        self.true_peak = 20 * math.log10(max(1e-6, float(np.max(peaks * self._curve))))
        """dBTP of the finished piece."""

    def __enter__(self) -> "Master":
        return self

    def __exit__(self, *_: object) -> None:
        self._tape.__exit__()

    def blocks(self) -> Iterator[Floats]:
        """Yield finished stereo blocks of shape (2, n)."""
        step = self._size * _SLICES
        for start in range(0, self.total, step):
            count = min(step, self.total - start)
            block = self._tape.read(start, -(-count // self._size) * self._size)
            louder = apply(block, start // self._size, self._curve, self._size)
            yield self._rested(louder[:, :count], start)

    def _rested(self, block: Floats, start: int) -> Floats:
        """Bring the very end to rest, so that the last sample is silence."""
        fade, after = int(_CLOSE * self.rate), self.total - start - block.shape[1]
        if after >= fade:
            return block
        left = after + np.arange(block.shape[1])[::-1]
        return np.asarray(block * np.minimum(1.0, left / fade).astype(np.float32))

    def _true_peaks(self, target: Target) -> Array:
        """True peaks slice by slice; those far below the ceiling can never need the limiter."""
        energies = self._meter.energies()
        gain = _amplitude(target.loudness - integrated(energies))
        floor = _FAR * _amplitude(target.ceiling) / gain
        step = self._size * _SLICES
        parts = (self._tape.read(at - REACH, step + 2 * REACH) for at in range(0, self.total, step))
        found = [slice_peaks(part, self._size, floor) for part in parts]
        peaks = np.concatenate(found).astype(np.float64)
        return np.resize(np.pad(peaks, (0, max(0, len(energies) - len(peaks)))), len(energies))


def _amplitude(decibels: float) -> float:
    return float(10 ** (decibels / 20))
