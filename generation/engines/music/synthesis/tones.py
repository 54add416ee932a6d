"""One note of one instrument, as samples."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from generation.engines.music.spectra import Floats
from generation.engines.music.synthesis import bells
from generation.engines.music.synthesis.patches import PATCHES, Patch
from generation.engines.music.synthesis.wavetable import Phases, Reader, harmonics, period, phase

MIDDLE_C = 261.63
_SILENT = 16.0
"""Nepers after which a decaying sound is given up (-139 dB)."""
_VIBRATO_RATE = 5.1
_APART = np.uint32(0x5E000000)
_VIBRATO_DELAY = 0.35


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
    strings = list(_strings(patch, _shape(patch, frequency, brightness), frequency))
    tone = np.zeros(count, np.float32)
    for phases in _phases(patch, frequency, count, rate):
        reader = Reader(phases)
        for table, decay in strings:
            _add_decaying(tone, reader, table, decay / rate)
    return _rising(tone, patch.attack, rate)


def release_of(instrument: str) -> float:
    """Return the seconds that a note takes to die when it is let go."""
    return bells.RELEASE if instrument == "bells" else PATCHES[instrument].release


def _shape(patch: Patch, frequency: float, brightness: float) -> NDArray[np.float64]:
    """Strengths of the harmonics at the start, with an RMS that is the same at every pitch."""
    k = harmonics(frequency)
    tilted = patch.spectrum(k) * k ** (-patch.tilt / 6.02 * (1 - brightness) * 0.5)
    level = 0.1 * patch.gain * (MIDDLE_C / max(frequency, 60.0)) ** 0.15
    return np.asarray(level * tilted / np.sqrt(np.sum(tilted**2) / 2))


def _strings(patch: Patch, shape: NDArray[np.float64], frequency: float) -> Iterator[tuple[Floats, float]]:
    """Tables of harmonics that die together, each with its rate of decay in 1/s.

    Karplus & Strong's loop in closed form: a harmonic loses the same part of itself in every period, the higher ones
    more. Neighbouring harmonics are taken together, more of them the higher they are, so that each table has one
    exact exponential.
    """
    k = np.arange(1, len(shape) + 1)
    band = np.ceil(np.log(k) / np.log(3)) if patch.decay else np.zeros(len(k))
    slow = patch.decay * (frequency / MIDDLE_C) ** 0.4
    for group in np.unique(band):
        inside = band == group
        if shape[inside].any():
            yield period(np.where(inside, shape, 0.0)), float(slow * (1 + patch.damping * (k[inside].mean() - 1)))


def _add_decaying(tone: Floats, reader: Reader, table: Floats, decay: float) -> None:
    """Add a table that loses ``decay`` nepers a sample, for as long as it can be heard."""
    count = min(len(tone), math.ceil(_SILENT / decay)) if decay else len(tone)
    heard = reader.read(table, count)
    if decay:
        heard *= np.exp(-np.float32(decay) * np.arange(count, dtype=np.float32))
    tone[:count] += heard


def _phases(patch: Patch, frequency: float, count: int, rate: int) -> list[Phases]:
    """The phase of one copy, or of two that are detuned against each other."""
    wave = _vibrato(patch.vibrato, frequency, count, rate) if patch.vibrato else np.uint32(0)
    if not patch.spread:
        return [phase(frequency, count, rate) + wave]
    ratio = 2 ** (patch.spread / 2400)
    return [phase(frequency * ratio, count, rate) + wave, phase(frequency / ratio, count, rate) + wave + _APART]


def _vibrato(cents: float, frequency: float, count: int, rate: int) -> Phases:
    """The phase that a vibrato adds, in units of 2^-32 cycles; it sets in smoothly after a moment."""
    time = np.arange(count) / rate
    onset = np.clip((time - _VIBRATO_DELAY) / 0.6, 0, 1).astype(np.float32)
    onset *= onset * onset * (10 - 15 * onset + 6 * onset * onset)
    turns = time * _VIBRATO_RATE
    wave = np.cos((2 * np.pi * (turns - np.floor(turns))).astype(np.float32))
    depth = frequency * (2 ** (cents / 1200) - 1) / (2 * np.pi * _VIBRATO_RATE)
    return ((onset - onset * wave) * (depth * 2.0**32)).astype(np.int64).astype(np.uint32)


def _rising(tone: Floats, attack: float, rate: int) -> Floats:
    """Let a tone begin with half a cosine, in place."""
    rise = min(len(tone), max(1, int(attack * rate)))
    tone[:rise] *= 0.5 - 0.5 * np.cos(np.pi * np.arange(rise, dtype=np.float32) / np.float32(rise))
    return tone
