"""The waveform above the spectrogram, drawn while the piece streams by."""

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from generation.engines.encoding import encode_png

WIDTH, WAVE, GAP, SPECTRUM = 840, 104, 8, 336
HEIGHT = WAVE + GAP + SPECTRUM
_WINDOW = 4096
_AT_ONCE = 16
"""Windows that are transformed together: enough for the FFT's vectors, few enough for the processor's cache."""
_LOW, _HIGH = 40.0, 16_000.0
_FLOOR_DB, _TOP_DB = -100.0, -18.0
_STOPS = np.array(
    [[9, 10, 26], [44, 22, 84], [120, 36, 110], [206, 64, 84], [246, 140, 68], [252, 218, 128], [255, 252, 228]], float
)
_INK, _PAPER = np.array([120, 200, 220], np.uint8), np.array([9, 10, 26], np.uint8)


class Pictures:
    """Gathers one column of spectrum and of extremes for each of ``WIDTH`` moments; :meth:`png` draws them."""

    def __init__(self, total: int, rate: int) -> None:
        self._centres = ((np.arange(WIDTH) + 0.5) * total / WIDTH).astype(np.int64)
        self._edges = (np.arange(WIDTH + 1) * total / WIDTH).astype(np.int64)
        self._rows = _row_starts(rate)
        hann = np.hanning(_WINDOW)
        self._window = (hann * 2 / hann.sum()).astype(np.float32)
        self._columns: list[NDArray[np.float32]] = []
        self._low, self._high = np.zeros(WIDTH), np.zeros(WIDTH)
        self._kept = np.zeros(_WINDOW // 2, np.float32)
        self._start = -_WINDOW // 2
        self._seen = 0

    def feed(self, block: NDArray[np.float32]) -> None:
        """Take samples of shape (2, n)."""
        mono = np.float32(0.5) * (block[0] + block[1])
        self._extremes(mono)
        self._seen += len(mono)
        self._spectra(mono)

    def png(self, text: dict[str, str]) -> bytes:
        """Return the picture, with ``text`` in it."""
        self._spectra(np.zeros(_WINDOW, np.float32))
        power = np.concatenate(self._columns)
        db = 10 * np.log10(power + 1e-12)
        light = np.clip((db - _FLOOR_DB) / (_TOP_DB - _FLOOR_DB), 0, 1)
        gap = np.broadcast_to(_PAPER, (GAP, WIDTH, 3))
        return encode_png(np.concatenate([self._wave(), gap, _coloured(light.T[::-1])]), text)

    def _extremes(self, mono: NDArray[np.float32]) -> None:
        inside = (self._edges[:-1] < self._seen + len(mono)) & (self._edges[1:] > self._seen)
        columns = np.flatnonzero(inside)
        starts = np.maximum(0, self._edges[columns] - self._seen)
        if len(columns):
            self._low[columns] = np.minimum(self._low[columns], np.minimum.reduceat(mono, starts))
            self._high[columns] = np.maximum(self._high[columns], np.maximum.reduceat(mono, starts))

    def _spectra(self, mono: NDArray[np.float32]) -> None:
        """Transform the windows that have come to lie fully within what was heard."""
        heard = np.concatenate([self._kept, mono])
        ready = self._centres[(self._centres + _WINDOW // 2 <= self._start + len(heard))][len(self._done()) :]
        windows = np.lib.stride_tricks.sliding_window_view(heard, _WINDOW)
        places = ready - _WINDOW // 2 - self._start
        for at in range(0, len(places), _AT_ONCE):
            spectrum = fft.rfft(windows[places[at : at + _AT_ONCE]] * self._window).view(np.float32)
            spectrum *= spectrum
            power = spectrum[:, ::2] + spectrum[:, 1::2]
            self._columns.append(np.maximum.reduceat(power, self._rows, axis=1))
        drop = max(0, len(heard) - _WINDOW)
        self._kept, self._start = heard[drop:], self._start + drop

    def _done(self) -> range:
        return range(sum(len(columns) for columns in self._columns))

    def _wave(self) -> NDArray[np.uint8]:
        top = max(1e-6, float(np.abs([self._low, self._high]).max()))
        rows = np.linspace(1, -1, WAVE)[:, None]
        inside = (rows <= self._high / top + 0.01) & (rows >= self._low / top - 0.01)
        return np.where(inside[..., None], _INK, _PAPER).astype(np.uint8)


def _row_starts(rate: int) -> NDArray[np.int64]:
    """The first bin of each row of the picture, rows in equal steps of pitch."""
    frequencies = _LOW * (_HIGH / _LOW) ** (np.arange(SPECTRUM) / SPECTRUM)
    return np.round(frequencies * _WINDOW / rate).astype(np.int64)


def _coloured(light: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Map [0, 1] to a scale from night to noon, whose lightness rises evenly."""
    table = np.stack([np.interp(np.linspace(0, 6, 256), np.arange(7), _STOPS[:, c]) for c in range(3)], axis=1)
    return table.round().astype(np.uint8).take((light * 255).astype(np.uint8), axis=0)
