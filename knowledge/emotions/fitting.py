"""What is fitted on held-out logits: calibrated probabilities and the thresholds of labels."""

import numpy as np
from numpy.typing import NDArray

from knowledge.emotions.metrics import Bits, Doubles

RIDGE = 1e-3
STEPS = 50


def sigmoid(logits: NDArray[np.floating]) -> Doubles:
    """Return 1 / (1 + exp(-x)), without overflow."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * logits)))


def platt(logits: Doubles, truth: Bits) -> tuple[float, float]:
    """Return the slope and offset of the calibrated probability of one label (Platt 1999, by Newton's method)."""
    design = np.stack([logits, np.ones_like(logits)], 1)
    fitted = np.array([1.0, 0.0])
    prior = fitted.copy()
    for _ in range(STEPS):
        p = sigmoid(design @ fitted)
        gradient = design.T @ (p - truth) + RIDGE * (fitted - prior)
        hessian = design.T @ (design * (p * (1 - p))[:, None]) + RIDGE * np.eye(2)
        step = np.linalg.solve(hessian, gradient)
        fitted -= step
        if np.abs(step).max() < 1e-8:
            break
    return float(fitted[0]), float(fitted[1])


def best_threshold(probability: Doubles, truth: Bits) -> float:
    """Return the threshold with the highest F1, midway between the probabilities on its two sides."""
    order = np.argsort(-probability, kind="stable")
    return _best(probability[order], truth[order], np.ones(len(order)))


def smooth_threshold(probability: Doubles, truth: Bits, *, draws: int = 20, seed: int = 0) -> float:
    """Return the median of the best thresholds of ``draws`` resamples: a rare label's optimum is a matter of luck."""
    order = np.argsort(-probability, kind="stable")
    ranked, hits, n = probability[order], truth[order], len(order)
    rng = np.random.default_rng(seed)
    samples = (np.bincount(rng.integers(0, n, n), minlength=n).astype(np.float64) for _ in range(draws))
    found = [_best(ranked, hits, times) for times in samples if times[hits].any()]
    return float(np.median(found)) if found else best_threshold(probability, truth)


def _best(ranked: Doubles, hits: Bits, times: Doubles) -> float:
    """Return the best threshold for texts in falling order of probability, each counted so many ``times``."""
    counted = hits * times
    f1 = 2 * np.cumsum(counted) / np.maximum(np.cumsum(times) + counted.sum(), 1)
    last = np.append(ranked[1:] < ranked[:-1], True)  # equal probabilities are given or withheld together
    best = int(np.argmax(np.where(last, f1, -1)))
    after = ranked[best + 1] if best + 1 < len(ranked) else 0.0
    return float((ranked[best] + after) / 2)
