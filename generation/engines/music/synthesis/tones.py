"""One note of one instrument, as samples."""

import numpy as np
from numpy.typing import NDArray

from generation.engines.music.spectra import Floats
from generation.engines.music.synthesis import bells
from generation.engines.music.synthesis.patches import PATCHES, Patch
from generation.engines.music.synthesis.wavetable import harmonics, read, tables

MIDDLE_C = 261.63
_MOMENTS = np.array([0.0, 0.02, 0.06, 0.14, 0.3, 0.6, 1.1, 2.0, 3.6, 6.5, 12.0])
_QUIETEST = 0.35
_VIBRATO_RATE = 5.1
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
    shape = _shape(patch, frequency, brightness)
    moments = _MOMENTS if patch.decay else _MOMENTS[:1]
    periods = tables(_decaying(shape, patch, frequency, moments))
    tone = sum(read(periods, moments, phase, rate) for phase in _phases(patch, frequency, count, rate))
    return np.asarray(tone * _attack(count, patch.attack, rate), np.float32)


def release_of(instrument: str) -> float:
    """Return the seconds that a note takes to die when it is let go."""
    return bells.RELEASE if instrument == "bells" else PATCHES[instrument].release


def _shape(patch: Patch, frequency: float, brightness: float) -> NDArray[np.float64]:
    """Strengths of the harmonics at the start, with an RMS that is the same at every pitch."""
    k = harmonics(frequency)
    tilted = patch.spectrum(k) * k ** (-patch.tilt / 6.02 * (1 - brightness) * 0.5)
    level = 0.1 * patch.gain * (MIDDLE_C / max(frequency, 60.0)) ** 0.15
    return np.asarray(level * tilted / np.sqrt(np.sum(tilted**2) / 2))


def _decaying(
    shape: NDArray[np.float64], patch: Patch, frequency: float, moments: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The loss of a string or bar at each moment: Karplus & Strong's loop in closed form, harmonic by harmonic."""
    k = np.arange(1, len(shape) + 1)
    rate = patch.decay * (frequency / MIDDLE_C) ** 0.4 * (1 + patch.damping * (k - 1))
    return np.asarray(shape * np.exp(-np.outer(moments, rate)))


def _phases(patch: Patch, frequency: float, count: int, rate: int) -> list[NDArray[np.float64]]:
    """Cycles since the start, for one copy or for two that are detuned against each other."""
    time = np.arange(count) / rate
    cycles = time * frequency
    if patch.vibrato:
        cycles = cycles + frequency * _vibrato(time, patch.vibrato)
    if not patch.spread:
        return [cycles]
    ratio = 2 ** (patch.spread / 2400)
    return [cycles * ratio, cycles / ratio + 0.37]


def _vibrato(time: NDArray[np.float64], cents: float) -> NDArray[np.float64]:
    """The integral of a vibrato that sets in after a moment, in seconds."""
    depth = (2 ** (cents / 1200) - 1) * np.clip((time - _VIBRATO_DELAY) / 0.4, 0, 1)
    turn = 2 * np.pi * _VIBRATO_RATE
    return np.asarray(depth * (1 - np.cos(turn * time)) / turn)


def _attack(count: int, attack: float, rate: int) -> Floats:
    """A rise of half a cosine, then 1."""
    envelope = np.ones(count, np.float32)
    rise = min(count, max(1, int(attack * rate)))
    envelope[:rise] = 0.5 - 0.5 * np.cos(np.pi * np.arange(rise) / rise)
    return envelope
