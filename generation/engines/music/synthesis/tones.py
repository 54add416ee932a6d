"""One note of one instrument, as samples."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from generation.engines.music.spectra import Floats
from generation.engines.music.synthesis import bells, partials
from generation.engines.music.synthesis.patches import PATCHES, Patch
from generation.engines.music.synthesis.wavetable import harmonics, period, phase, read, schroeder

MIDDLE_C = 261.63
_VIBRATO_RATE = 5.1
_APART = np.uint32(0x5E000000)
_TWO = np.uint32(2)
_VIBRATO_DELAY = 0.35
_CHUNK = 1 << 13
"""Samples of a held tone that are made at a time: few enough to stay in the processor's cache."""


def frequency_of(pitch: float, tuning: float = 440.0) -> float:
    """Return the frequency in Hz of a MIDI pitch in equal temperament, with A4 at ``tuning`` Hz."""
    return float(tuning * 2 ** ((pitch - 69) / 12))


def render_tone(instrument: str, frequency: float, seconds: float, rate: int, brightness: float = 0.5) -> Floats:
    """Render a held note of any pitched instrument.

    Parameters
    ----------
    instrument
        A name of ``ensemble.INSTRUMENTS``, drums excepted.
    frequency
        Fundamental in Hz.
    brightness
        0 (dark) to 1 (bright).

    Returns
    -------
    Mono samples of shape (seconds * rate,), with its attack but not yet its release, at a level near 0.1 RMS.
    """
    count = int(seconds * rate)
    if instrument == "bells":
        return bells.render(frequency, count, rate, brightness)
    patch = PATCHES[instrument]
    shape = _shape(patch, frequency, brightness)
    make = _held if patch.vibrato else _struck
    return _rising(make(patch, shape, frequency, count, rate), patch.attack, rate)


def release_of(instrument: str) -> float:
    """Return the seconds that a note takes to die when it is let go."""
    return bells.RELEASE if instrument == "bells" else PATCHES[instrument].release


def _shape(patch: Patch, frequency: float, brightness: float) -> NDArray[np.float64]:
    """Strengths of the harmonics at the start, with an RMS that is the same at every pitch."""
    k = harmonics(frequency)
    tilted = patch.spectrum(k) * k ** (-patch.tilt / 6.02 * (1 - brightness) * 0.5)
    level = 0.1 * patch.gain * (MIDDLE_C / max(frequency, 60.0)) ** 0.15
    return np.asarray(level * tilted / np.sqrt(np.sum(tilted**2) / 2))


def _struck(patch: Patch, shape: NDArray[np.float64], frequency: float, count: int, rate: int) -> Floats:
    """Render harmonics that die each at its own pace, the higher the sooner.

    Karplus & Strong's loop in closed form: a harmonic loses the same part of itself in every period.
    """
    k = np.flatnonzero(shape) + 1
    decay = patch.decay * (frequency / MIDDLE_C) ** 0.4 * (1 + patch.damping * (k - 1))
    strengths = shape[k - 1] * np.exp(1j * schroeder(len(shape)))[k - 1]
    return partials.render((2j * np.pi * frequency * k - decay) / rate, strengths, count)


def _held(patch: Patch, shape: NDArray[np.float64], frequency: float, count: int, rate: int) -> Floats:
    """Render a steady spectrum with vibrato, as one copy or as two that are detuned against each other."""
    table, tone = period(shape), np.empty(count, np.float32)
    depth = frequency * (2 ** (patch.vibrato / 1200) - 1) / (2 * np.pi * _VIBRATO_RATE)
    for start in range(0, count, _CHUNK):
        chunk = tone[start : start + _CHUNK]
        wave = (_vibrato(start, rate)[: len(chunk)] * (depth * 2.0**31)).astype(np.int32).view(np.uint32) * _TWO
        if patch.spread:
            ratio = 2 ** (patch.spread / 2400)
            chunk[:] = read(table, phase(frequency * ratio, start, len(chunk), rate) + wave)
            chunk += read(table, phase(frequency / ratio, start, len(chunk), rate) + (wave + _APART))
        else:
            chunk[:] = read(table, phase(frequency, start, len(chunk), rate) + wave)
    return tone


@lru_cache(128)
def _vibrato(start: int, rate: int) -> Floats:
    """The course of a chunk of vibrato, between 0 and 2; it sets in smoothly after a moment."""
    time = (start + np.arange(_CHUNK)) / rate
    onset = np.clip((time - _VIBRATO_DELAY) / 0.6, 0, 1).astype(np.float32)
    onset *= onset * onset * (10 - 15 * onset + 6 * onset * onset)
    turns = time * _VIBRATO_RATE
    return onset - onset * np.cos((2 * np.pi * (turns - np.floor(turns))).astype(np.float32))


def _rising(tone: Floats, attack: float, rate: int) -> Floats:
    """Let a tone begin with half a cosine, in place."""
    rise = min(len(tone), max(1, int(attack * rate)))
    tone[:rise] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(rise, dtype=np.float32) / np.float32(rise))
    return tone
