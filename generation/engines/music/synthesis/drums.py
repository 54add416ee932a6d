"""The drum kit: a kick that falls to the tonic, and filtered noise for everything else."""

from functools import partial

import numpy as np
from numpy.typing import NDArray

from generation.engines.music.composing.percussion import CRASH, HAT, KICK, SHAKER, SNARE
from generation.engines.music.spectra import Floats

PANS = {KICK: 0.0, SNARE: 0.05, HAT: 0.3, SHAKER: -0.3, CRASH: -0.25}


def render_drum(pitch: int, tonic: float, rate: int) -> Floats:
    """Render one hit; ``tonic`` is the frequency in Hz to which the kick falls."""
    noise = partial(_noise, pitch, rate)
    if pitch == KICK:
        return _kick(tonic, rate)
    if pitch == SNARE:
        return 0.5 * noise(0.22, (900, 9000), 22) + _drop(190, 170, 0.22, 24, rate) * np.float32(0.35)
    if pitch == HAT:
        return 0.22 * noise(0.08, (6500, 15000), 60)
    if pitch == SHAKER:
        return 0.16 * noise(0.10, (4000, 11000), 38)
    return 0.22 * noise(1.6, (3500, 14000), 2.6)


def _kick(tonic: float, rate: int) -> Floats:
    return np.float32(0.8) * _drop(tonic * 3.0, tonic, 0.32, 11, rate)


def _drop(high: float, low: float, seconds: float, decay: float, rate: int) -> Floats:
    """A sine that falls from one frequency to another while it dies."""
    time = np.arange(int(seconds * rate)) / rate
    cycles = low * time + (high - low) * (1 - np.exp(-time * 45)) / 45
    return np.asarray(np.sin(2 * np.pi * cycles) * np.exp(-time * decay) * _ends(len(time), rate), np.float32)


def _noise(pitch: int, rate: int, seconds: float, band: tuple[float, float], decay: float) -> Floats:
    """Noise between two frequencies (a band cut in the spectrum with soft edges), dying away."""
    count = int(seconds * rate)
    spectrum = np.fft.rfft(np.random.default_rng(pitch).standard_normal(count))
    frequency = np.fft.rfftfreq(count, 1 / rate) + 1e-9
    low, high = band
    spectrum *= 1 / (1 + (low / frequency) ** 6) / (1 + (frequency / high) ** 6)
    noise = np.fft.irfft(spectrum, count)
    noise /= np.sqrt(np.mean(noise**2))
    time = np.arange(count) / rate
    return np.asarray(noise * np.exp(-time * decay) * _ends(count, rate), np.float32)


def _ends(count: int, rate: int) -> NDArray[np.float64]:
    """Rise in 1 ms, and come to rest in the last 10."""
    place = np.arange(count)
    return np.minimum(1.0, np.minimum(place / (0.001 * rate), (count - place) / (0.01 * rate)))
