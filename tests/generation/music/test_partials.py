"""Partials by matrices against the formula, sample by sample."""

import numpy as np
import pytest

from generation.engines.music.synthesis import partials

RATE, COUNT = 44100, 50_000


def _formula(rates: np.ndarray, strengths: np.ndarray) -> np.ndarray:
    time = np.arange(COUNT)
    return sum((strength * np.exp(rate * time)).imag for rate, strength in zip(rates, strengths, strict=True))


def _decibels(error: np.ndarray, whole: np.ndarray) -> float:
    return 20 * np.log10(np.abs(error).max() / np.abs(whole).max())


@pytest.mark.parametrize("decay", [0.0, 0.5, 20.0])
def test_a_sum_of_sines_is_the_formula(decay: float) -> None:
    k = np.arange(1, 41)
    rates = (2j * np.pi * 440 * k - decay * k) / RATE
    strengths = np.exp(1j * k**2) / k
    heard = partials.render(rates, strengths, COUNT)
    assert heard.shape == (COUNT,)
    assert _decibels(heard - _formula(rates, strengths), heard) < -90


def test_a_partial_that_died_does_not_silence_those_that_last() -> None:
    rates = np.array([2j * np.pi * 440 - 0.1, 2j * np.pi * 880 - 500, 2j * np.pi * 1320 - 1]) / RATE
    strengths = np.array([1.0, 1.0, 1.0])
    heard = partials.render(rates, strengths, COUNT)
    assert _decibels(heard - _formula(rates, strengths), heard) < -90


def test_strengths_that_change_are_met_at_every_row() -> None:
    rates = np.array([2j * np.pi * 441 / RATE])
    moments = np.arange(partials.rows_of(COUNT) + 1) * partials.ROW / RATE
    heard = partials.render(rates, np.exp(-moments)[:, None], COUNT)
    time = np.arange(COUNT) / RATE
    wanted = np.exp(-time) * np.sin(2 * np.pi * 441 * time)
    assert _decibels(heard - wanted, wanted) < -90
