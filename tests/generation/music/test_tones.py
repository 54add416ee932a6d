"""Every instrument's tone: in tune, and free of aliasing."""

import numpy as np
import pytest

from generation.engines.music.ensemble import INSTRUMENTS
from generation.engines.music.synthesis.tones import frequency_of, render_tone

RATE, LENGTH = 44100, 1 << 15
PITCHED = sorted(set(INSTRUMENTS) - {"drums"})


def _power(tone: np.ndarray) -> np.ndarray:
    return np.abs(np.fft.rfft(tone[4000:][:LENGTH] * np.kaiser(LENGTH, 24))) ** 2


@pytest.mark.parametrize("name", PITCHED)
@pytest.mark.parametrize("pitch", [48, 84, 108])
def test_nothing_sounds_between_the_partials(name: str, pitch: int) -> None:
    frequency = frequency_of(pitch)
    power, bins = _power(render_tone(name, frequency, 1.0, RATE, brightness=1.0)), np.fft.rfftfreq(LENGTH, 1 / RATE)
    ratios = np.abs(1 + 3.5 * np.arange(-7, 8)) if name == "bells" else np.arange(1, RATE / 2 / frequency)
    partials = ratios * frequency
    between = (np.abs(bins[:, None] - partials) > 55 + 0.008 * partials).all(axis=1) & (bins > 40)
    assert 10 * np.log10(power[between].sum() / power.sum() + 1e-30) < -90


@pytest.mark.parametrize("name", sorted(set(PITCHED) - {"bells"}))
@pytest.mark.parametrize("pitch", [45, 69, 96])
def test_tones_are_in_tune(name: str, pitch: int) -> None:
    frequency = frequency_of(pitch)
    tone = render_tone(name, frequency, 0.3, RATE)
    spectrum = np.abs(np.fft.rfft(tone * np.hanning(len(tone)), 1 << 18))
    near = slice(int(frequency * 0.95 / RATE * (1 << 18)), int(frequency * 1.05 / RATE * (1 << 18)))
    heard = (near.start + spectrum[near].argmax()) * RATE / (1 << 18)
    assert abs(1200 * np.log2(heard / frequency)) < 4


@pytest.mark.parametrize("name", PITCHED)
def test_a_brighter_tone_has_a_higher_centre(name: str) -> None:
    bins = np.fft.rfftfreq(LENGTH, 1 / RATE)
    dark, bright = (_power(render_tone(name, 262, 1.0, RATE, brightness=b)) for b in (0.0, 1.0))
    assert (bins * bright).sum() / bright.sum() > (bins * dark).sum() / dark.sum()


def test_tuning_moves_every_pitch() -> None:
    assert frequency_of(69, 432.0) == 432
    assert frequency_of(57, 432.0) == 216
