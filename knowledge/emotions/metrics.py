"""F1 by label, macro and micro, with bootstrap intervals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.bool_]
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and its 95% interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.4f} [{self.low:.4f}, {self.high:.4f}]"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """How well given labels agree with true ones; ``f1`` and ``support`` are by label."""

    macro: Interval
    micro: Interval
    f1: tuple[float, ...]
    support: tuple[int, ...]


def f1_by_label(truth: Bits, given: Bits) -> Doubles:
    """Return 2·hits / (true + given) for each column, 0 where a label neither is nor is given."""
    hits = (truth & given).sum(0)
    return _ratio(2.0 * hits, truth.sum(0) + given.sum(0))


def micro_f1(truth: Bits, given: Bits) -> float:
    """Return the F1 of all labels taken together."""
    return float(_ratio(2.0 * (truth & given).sum(), truth.sum() + given.sum()))


def evaluate(truth: Bits, given: Bits, *, rounds: int = 1000, seed: int = 0) -> Evaluation:
    """Return the figures of ``given`` against ``truth`` (texts × labels), with percentile bootstrap intervals.

    The texts are drawn with replacement, ``rounds`` times; all columns of a text stay together.
    """
    macro, micro = _bootstrap(truth, given, rounds, np.random.default_rng(seed))
    f1 = f1_by_label(truth, given)
    return Evaluation(
        _interval(float(f1.mean()), macro),
        _interval(micro_f1(truth, given), micro),
        tuple(map(float, f1)),
        tuple(map(int, truth.sum(0))),
    )


def _bootstrap(truth: Bits, given: Bits, rounds: int, rng: np.random.Generator) -> tuple[Doubles, Doubles]:
    n = len(truth)
    drawn = rng.multinomial(n, np.full(n, 1 / n), size=rounds).astype(np.float64)
    hits, sums = drawn @ (truth & given), drawn @ (truth.astype(np.float64) + given)
    return _ratio(2 * hits, sums).mean(1), _ratio(2 * hits.sum(1), sums.sum(1))


def _interval(value: float, drawn: Doubles) -> Interval:
    low, high = np.quantile(drawn, (0.025, 0.975))
    return Interval(value, float(low), float(high))


def _ratio(above: Doubles, below: NDArray[np.integer] | Doubles) -> Doubles:
    return np.divide(above, below, out=np.zeros(np.shape(above)), where=np.asarray(below) > 0)
