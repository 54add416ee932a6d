"""The effect of a change is told from pairs, with the interval that their noise leaves."""

import numpy as np
import pytest

from benchmarks.pairs import Effect, effect


def noisy(true: float, seed: int) -> Effect:
    """Measure a known effect on a machine whose speed drifts by half, with 10% of noise in each measurement."""
    rng = np.random.default_rng(seed)
    speed = 1 + 0.5 * np.sin(np.arange(100) / 7)
    ours, theirs = (speed * rng.lognormal(0, 0.1, 100) for _ in range(2))
    return effect(ours * (1 + true), theirs)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    held = [noisy(0.04, seed) for seed in range(200)]
    assert sum(found.low <= 0.04 <= found.high for found in held) >= 180  # 190 expected, standard deviation 3


def test_drift_that_both_sides_share_does_not_count() -> None:
    drift = 1 + 0.5 * np.sin(np.arange(100))
    found = effect(1.01 * drift, drift)
    assert (found.median, found.low, found.high) == pytest.approx((0.01, 0.01, 0.01))


def test_a_limit_within_the_interval_is_not_decided() -> None:
    found = Effect(0.02, 0.01, 0.03)
    assert (found.is_below(0.04), found.is_below(0.02), found.is_below(0.005)) == (True, None, False)
    assert -found == Effect(-0.02, -0.03, -0.01)
