"""A hall: convolution with decaying noise, block by block through the FFT (overlap and add)."""

import numpy as np
from numpy.typing import NDArray

from generation.engines.music.spectra import Floats, fast_length

_PREDELAY = 0.018
_APART = 0.019
_HEARD = 0.75
"""Part of the reverberation time after which the tail is cut: -45 dB, under the music."""
_BASS_CUT, _TREBLE = 180.0, 3200.0


class Reverb:
    """Turns a mono send into a stereo hall, keeping its tail from block to block.

    Left and right are the sum and the difference of one diffuse tail and of itself a little later: two tails without
    correlation for the price of one.
    """

    def __init__(self, seconds: float, rate: int, block: int) -> None:
        response = _response(seconds, rate)
        self._size = fast_length(block + len(response) - 1)
        self._spectrum = np.fft.rfft(response, self._size)
        self._tail: Floats = np.zeros(self._size - block, np.float32)
        self._late: Floats = np.zeros(int(_APART * rate), np.float32)
        self._block = block

    def process(self, send: Floats) -> Floats:
        """Return the hall's answer, shape (2, block), to one block of mono sound."""
        wet = np.asarray(np.fft.irfft(np.fft.rfft(send, self._size) * self._spectrum, self._size), np.float32)
        wet[: len(self._tail)] += self._tail
        self._tail = wet[self._block :].copy()
        early = wet[: self._block]
        late = np.concatenate([self._late, early[: -len(self._late)]])
        self._late = early[-len(self._late) :].copy()
        return np.stack([early + late, early - late])


def _response(seconds: float, rate: int) -> Floats:
    """Noise that dies by 60 dB in ``seconds``, its treble twice as fast, with half the unit of energy."""
    count = int(_HEARD * seconds * rate)
    noise = np.random.default_rng(1).standard_normal(count)
    time = np.arange(count) / rate
    slow = _band(noise, rate, _BASS_CUT, _TREBLE) * np.exp(-6.91 * time / seconds)
    fast = _band(noise, rate, _TREBLE, 14_000.0) * np.exp(-6.91 * time / (0.5 * seconds))
    tail = (slow + 0.6 * fast) * np.minimum(1.0, (count - np.arange(count)) / (0.05 * rate))
    tail /= np.sqrt(2 * np.sum(tail**2))
    return np.pad(tail, (int(_PREDELAY * rate), 0)).astype(np.float32)


def _band(noise: NDArray[np.float64], rate: int, low: float, high: float) -> NDArray[np.float64]:
    size = fast_length(len(noise))
    frequency = np.fft.rfftfreq(size, 1 / rate) + 1e-9
    gain = 1 / np.sqrt(1 + (low / frequency) ** 4) / np.sqrt(1 + (frequency / high) ** 4)
    return np.asarray(np.fft.irfft(np.fft.rfft(noise, size) * gain, size)[: len(noise)])
