"""The one place where the engines transform: windows and work buffers are kept and reused, and the reuse is counted.

scipy.fft keeps its own plans; what it does not keep, the window and the buffer that a transform reads from, is kept
here for each thread. A buffer above :data:`MAPPED_ABOVE` bytes is a memory-mapped temporary file, not resident memory.
"""

import math
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Complex = NDArray[np.complex128]

MAPPED_ABOVE = 32 * 2**20
"""Size in bytes above which an intermediate is memory-mapped."""

_COSINES = {
    "rectangular": (1.0,),
    "hann": (0.5, 0.5),
    "hamming": (0.54, 0.46),
    "blackman": (0.42, 0.5, 0.08),
    "blackman-harris": (0.35875, 0.48829, 0.14128, 0.01168),
}
WINDOWS = tuple(_COSINES)
"""Names of the windows: sums of cosines (Harris 1978)."""

_KEPT = 8


@dataclass
class Counts:
    """How often a window or buffer was made, and how often one at hand served again."""

    made: int = 0
    reused: int = 0


class Transforms:
    """Real transforms with reused windows and buffers; safe to share between threads."""

    def __init__(self) -> None:
        self._local = threading.local()
        self._lock = threading.Lock()
        self._counts = Counts()

    @property
    def counts(self) -> Counts:
        """Return a copy of the counts so far, over all threads."""
        with self._lock:
            return Counts(self._counts.made, self._counts.reused)

    def window(self, name: str, length: int) -> Array:
        """Return a periodic window of ``length`` samples; not to be written to."""
        return self._kept(("window", name, length), lambda: _window(name, length))

    def spectrum(self, signal: Array, window: str) -> Complex:
        """One-dimensional transform of a windowed signal along its last axis."""
        from scipy import fft

        work = self.buffer(signal.shape)
        np.multiply(signal, self.window(window, signal.shape[-1]), out=work)
        return np.asarray(fft.rfft(work, axis=-1, overwrite_x=True))

    def spectrum2(self, field: Array, window: str) -> Complex:
        """Two-dimensional transform (rows, columns // 2 + 1) of a field windowed in both directions."""
        from scipy import fft

        work = self.buffer(field.shape)
        np.multiply(field, self.window(window, field.shape[0])[:, None], out=work)
        work *= self.window(window, field.shape[1])
        return np.asarray(fft.rfft2(work, overwrite_x=True))

    def buffer(self, shape: tuple[int, ...]) -> Array:
        """Return this thread's work array of ``shape``, with whatever it held before."""
        return self._kept(("buffer", *shape), lambda: scratch(shape))

    def _kept(self, key: tuple[object, ...], make: Callable[[], Array]) -> Array:
        items = self._items()
        found = items.get(key)
        with self._lock:
            self._counts.reused += found is not None
            self._counts.made += found is None
        if found is None:
            found = items[key] = make()
        items.move_to_end(key)
        while len(items) > _KEPT:
            items.popitem(last=False)
        return found

    def _items(self) -> OrderedDict[tuple[object, ...], Array]:
        if not hasattr(self._local, "items"):
            self._local.items = OrderedDict()
        kept: OrderedDict[tuple[object, ...], Array] = self._local.items
        return kept


def between_bins(power: Array, place: int) -> tuple[float, float]:
    """Return the place (in bins) and height of a peak: the top of the parabola through three logarithms about it."""
    if not 0 < place < len(power) - 1:
        return float(place), float(power[place])
    left, middle, right = (math.log(max(value, 1e-300)) for value in power[place - 1 : place + 2].tolist())
    bend = left - 2 * middle + right
    offset = 0.5 * (left - right) / bend if bend < 0 else 0.0
    return place + offset, math.exp(middle - 0.25 * (left - right) * offset)


def scratch(shape: tuple[int, ...]) -> Array:
    """Return an uninitialised array; a large one lives in a temporary file that goes when the array does."""
    if int(np.prod(shape)) * 8 <= MAPPED_ABOVE:
        return np.empty(shape)
    with tempfile.TemporaryFile() as file:
        return np.memmap(file, np.float64, "w+", shape=shape)


def _window(name: str, length: int) -> Array:
    angle = 2 * np.pi * np.arange(length) / length
    terms = [(-1) ** order * weight * np.cos(order * angle) for order, weight in enumerate(_COSINES[name])]
    return np.asarray(np.sum(terms, axis=0))


TRANSFORMS = Transforms()
"""The process's transforms: a cache of windows and buffers, with nothing in it that a job could leave to the next."""
