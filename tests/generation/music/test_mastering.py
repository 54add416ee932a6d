"""The meters against the published test signals, and the limiter against full oversampling."""

import numpy as np
import pytest
from scipy.signal import resample_poly

from generation.engines.music.mastering.limiter import apply, gain_curve, limiting
from generation.engines.music.mastering.loudness import PER_SECOND, Meter, integrated
from generation.engines.music.mastering.master import Master, Target
from generation.engines.music.mastering.peaks import REACH, slice_peaks


def _sine(frequency: float, level: float, seconds: float, rate: int) -> np.ndarray:
    wave = 10 ** (level / 20) * np.sin(2 * np.pi * frequency * np.arange(int(seconds * rate)) / rate)
    return np.stack([wave, wave]).astype(np.float32)


def _loudness(sound: np.ndarray, rate: int, block: int = 10_000) -> float:
    meter = Meter(rate)
    for start in range(0, sound.shape[1], block):
        meter.feed(sound[:, start : start + block])
    return integrated(meter.energies())


@pytest.mark.parametrize("rate", [44100, 48000])
@pytest.mark.parametrize("level", [-23, -33])
def test_a_stereo_sine_of_1_khz_reads_its_level(rate: int, level: float) -> None:
    assert _loudness(_sine(1000, level, 20, rate), rate) == pytest.approx(level, abs=0.1)


def test_quiet_passages_do_not_count() -> None:
    """EBU Tech 3341, case 3: -36, -23, -36 LUFS for 10, 60, 10 s."""
    parts = [_sine(1000, level, seconds, 48000) for level, seconds in ((-36, 10), (-23, 60), (-36, 10))]
    assert _loudness(np.concatenate(parts, axis=1), 48000) == pytest.approx(-23, abs=0.1)


def test_silence_has_no_loudness() -> None:
    assert _loudness(np.zeros((2, 48000), np.float32), 48000) == -np.inf


def test_blocks_of_any_length_give_one_reading() -> None:
    sound = np.random.default_rng(1).normal(0, 0.1, (2, 100_000)).astype(np.float32)
    assert _loudness(sound, 44100, 997) == pytest.approx(_loudness(sound, 44100, 100_000), abs=1e-6)


def test_a_peak_between_samples_is_seen() -> None:
    """A quarter of the sample rate at 45 degrees: samples at 0.354, peak at 0.5."""
    wave = 0.5 * np.sin(np.pi / 2 * np.arange(4800 + 2 * REACH) + np.pi / 4)
    peak = slice_peaks(np.stack([wave, wave]).astype(np.float32), 160, 0.1).max()
    assert 20 * np.log10(peak) == pytest.approx(-6.02, abs=0.05)


def test_looking_at_summits_alone_misses_no_peak() -> None:
    noise = np.random.default_rng(2).normal(0, 0.2, (2, 48000)).astype(np.float32)
    padded = np.pad(noise, ((0, 0), (REACH, REACH)))
    full = np.abs(resample_poly(noise.astype(float), 4, 1, axis=1)).max()
    assert 20 * np.log10(slice_peaks(padded, 160, 0.1).max() / full) == pytest.approx(0, abs=0.1)


def test_the_limiter_keeps_every_slice_and_its_neighbours_below_the_ceiling() -> None:
    peaks = np.random.default_rng(3).exponential(0.4, 3000)
    gains = limiting(peaks, 0.8)
    for shifted in (gains, np.roll(gains, 1), np.roll(gains, -1)):
        assert (shifted * peaks)[1:-1].max() <= 0.8 + 1e-9


def test_the_gain_makes_up_for_what_the_limiter_takes() -> None:
    rng = np.random.default_rng(4)
    energies, peaks = rng.exponential(0.01, 9000), np.where(rng.random(9000) < 0.01, 0.9, 0.2)
    curve = gain_curve(energies, peaks, -14, 0.9)
    assert curve.min() < 0.8 * curve.max()
    assert integrated(energies * curve**2) == pytest.approx(-14, abs=0.01)
    assert (curve * peaks).max() <= 0.9 + 1e-9


def test_gains_are_joined_without_steps() -> None:
    curve = 1 + 0.5 * np.sin(np.arange(50) / 3)
    size = 44100 // PER_SECOND
    gains = apply(np.ones((2, 50 * size), np.float32), 0, curve, size)[0]
    assert np.abs(np.diff(gains)).max() <= np.abs(np.diff(curve)).max() / size * 1.01


def test_a_master_reads_the_same_whatever_the_blocks_it_was_made_of() -> None:
    noise = np.random.default_rng(5).normal(0, 0.1, (2, 100_000)).astype(np.float32)
    with (
        Master([noise], 100_000, 44100, Target(-20)) as whole,
        Master([noise[:, :33_333], noise[:, 33_333:]], 100_000, 44100, Target(-20)) as parts,
    ):
        one, other = (np.concatenate(list(master.blocks()), axis=1) for master in (whole, parts))
    assert one.shape == (2, 100_000)
    assert one == pytest.approx(other, abs=1e-5)
    assert one[:, -1] == pytest.approx([0, 0], abs=1e-6)
