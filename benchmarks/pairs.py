"""What a change does, told from pairs of measurements, each taken right after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_RESAMPLES = 10_000


@dataclass(frozen=True, slots=True)
class Effect:
    """The median of the pairs' ratios less one, and the bounds between which it lies with 95% confidence."""

    median: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.median:+.1%} (95%: {self.low:+.1%} to {self.high:+.1%})"

    def __neg__(self) -> "Effect":
        return Effect(-self.median, -self.high, -self.low)

    def is_below(self, most: float) -> bool | None:
        """Return whether it is less than ``most``; None where the interval holds both answers."""
        return True if self.high < most else False if self.low > most else None


def effect(ours: Sequence[float], theirs: Sequence[float]) -> Effect:
    """Return how much greater ours are than theirs, pair by pair.

    The interval is the percentile bootstrap's, over the pairs: it asks nothing of how the noise is distributed.
    """
    ratios = np.array(ours) / np.array(theirs) - 1
    drawn = np.random.default_rng(0).integers(0, ratios.size, (_RESAMPLES, ratios.size))
    low, high = np.quantile(np.median(ratios[drawn], axis=1), (0.025, 0.975))
    return Effect(float(np.median(ratios)), float(low), float(high))
