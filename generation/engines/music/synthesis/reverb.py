"""A hall: convolution with decaying noise, block by block through the FFT (overlap and add)."""

import numpy as np
from scipy import fft

from generation.engines.music.spectra import Floats, fast_length

_PREDELAY = 0.018
_APART = 0.019
_HEARD = 0.75
"""Part of the reverberation time after which the tail is cut: -45 dB, under the music."""
_BASS_CUT, _TREBLE = 180.0, 3200.0
PARTS = 4
"""Parts of a block that are transformed together, one for each lane of the FFT's vectors."""


class Reverb:
    """Turns a mono send into a stereo hall, keeping its tail from block to block.

    Left and right are the sum and the difference of one diffuse tail and of itself a little later: two tails without
    correlation for the price of one.
    """

    def __init__(self, seconds: float, rate: int, block: int) -> None:
        response = _response(seconds, rate)
        self._block, self._part = block, block // PARTS
        self._size = fast_length(self._part + len(response) - 1)
        self._spectrum = fft.rfft(response, self._size)
        self._late = int(_APART * rate)
        self._wet = np.zeros(self._late + block - self._part + self._size, np.float32)

    def process(self, send: Floats) -> tuple[Floats, Floats]:
        """Return the hall's answer to a block of mono sound: the tail now and a little later, each of shape (block,).

        They are the hall's own memory, to be read before the next block.
        """
        spectra = fft.rfft(send.reshape(PARTS, -1), self._size)
        spectra *= self._spectrum
        answers = fft.irfft(spectra, self._size, overwrite_x=True)
        kept = len(self._wet) - self._block
        self._wet[:kept] = self._wet[self._block :]
        self._wet[kept:] = 0
        for at, answer in enumerate(answers):
            begin = self._late + at * self._part
            self._wet[begin : begin + self._size] += answer
        return self._wet[self._late :][: self._block], self._wet[: self._block]


def _response(seconds: float, rate: int) -> Floats:
    """Noise that dies by 60 dB in ``seconds``, its treble twice as fast, with half the unit of energy."""
    count = int(_HEARD * seconds * rate)
    noise = np.random.default_rng(1).standard_normal(count).astype(np.float32)
    slow, fast = _bands(noise, rate, (_BASS_CUT, _TREBLE), (_TREBLE, 14_000.0))
    falling = np.exp(np.arange(count, dtype=np.float32) * np.float32(-6.91 / seconds / rate))
    tail = (slow + np.float32(0.6) * fast * falling) * falling
    tail *= np.minimum(1, np.arange(count, 0, -1, dtype=np.float32) / np.float32(0.05 * rate))
    tail /= np.sqrt(2 * np.sum(tail**2))
    return np.pad(tail, (int(_PREDELAY * rate), 0))


def _bands(noise: Floats, rate: int, *bands: tuple[float, float]) -> Floats:
    """Noise between pairs of frequencies, with soft edges; shape (bands, len(noise))."""
    size = fast_length(len(noise))
    frequency = np.arange(size // 2 + 1, dtype=np.float32) * np.float32(rate / size) + np.float32(1e-3)
    gains = [1 / np.sqrt((1 + (low / frequency) ** 4) * (1 + (frequency / high) ** 4)) for low, high in bands]
    return np.asarray(fft.irfft(fft.rfft(noise, size) * np.stack(gains), size)[:, : len(noise)])
