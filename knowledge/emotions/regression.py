"""Logistic regressions of many labels over the same sparse rows, fitted together, by numpy and scipy alone.

A solver of one label reads the whole matrix again for each of 28 labels; here each reading serves a group of them.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Self

import numpy as np

from knowledge.emotions.metrics import Bits, Doubles
from knowledge.emotions.vectorizer import Floats

if TYPE_CHECKING:
    from scipy.sparse import csr_array

GROUP = 14
"""Labels fitted together. The groups do not depend on the number of threads, and so neither does the result."""

ROUNDS, STEPS, HALVINGS = 5, 6, 8
FREE = 1e-3
"""The penalty of the bias, which is as good as none."""

LEAST_RATIO = 0.3
PIECES_PENALTY = 2.0


def fit(x: "csr_array", truth: Bits, *, strength: float, penalty: Floats, threads: int) -> tuple[Floats, Floats]:
    """Return weights (features × labels) and bias of each label.

    They minimise ``strength`` times the negative log likelihood plus half the sum of ``penalty`` (features × labels)
    times squared weight, as nearly as a few rounds of Newton's method come; no random numbers are drawn.
    """
    rows = _Rows.of(x)
    parts = [slice(start, start + GROUP) for start in range(0, truth.shape[1], GROUP)]
    with ThreadPoolExecutor(threads) as pool:
        fitted = list(pool.map(lambda part: _fit(rows, truth[:, part], strength, penalty[:, part]), parts))
    weights = np.hstack(fitted)
    return weights[:-1], weights[-1]


def penalties(x: "csr_array", truth: Bits, words: int) -> Floats:
    """Return how much the weight of each feature for each label costs; ``words`` features come before the pieces.

    A feature that is as common with a label as without it has to prove itself; one that naive Bayes trusts may speak
    up sooner (after Wang & Manning 2012, "Baselines and Bigrams"). Pieces say much that words have said already.
    """
    with_label = x.T.tocsr() @ truth.astype(np.float32)
    all_of_it = np.asarray(x.sum(0)).reshape(-1, 1)
    count = truth.sum(0)
    least = 1 / len(truth)
    common = with_label / np.maximum(count, 1) + least
    rare = np.maximum(all_of_it - with_label, 0) / np.maximum(len(truth) - count, 1) + least
    ratio = np.maximum(np.abs(np.log(common / rare)), LEAST_RATIO)
    penalty: Floats = np.asarray(ratio.mean(0) / ratio, np.float32)
    penalty[words:] *= PIECES_PENALTY
    return penalty


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows with a column of ones for the bias, the same turned, and its squares."""

    x: "csr_array"
    turned: "csr_array"
    squares: "csr_array"

    @classmethod
    def of(cls, x: "csr_array") -> Self:
        from scipy.sparse import csr_array, hstack

        ones = csr_array(np.ones((x.shape[0], 1), np.float32))
        whole = csr_array(hstack([x, ones], format="csr"))
        turned = csr_array(whole.T.tocsr())
        return cls(whole, turned, turned.power(2))


def _fit(rows: _Rows, truth: Bits, strength: float, penalty: Floats) -> Floats:
    """Return the weights of a group of labels, the bias last."""
    penalty = np.vstack([penalty, np.full(truth.shape[1], FREE, np.float32)])
    weights = np.zeros(penalty.shape, np.float32)
    weights[-1] = _log_odds(truth)
    logits: Floats = np.asarray(rows.x @ weights, np.float32)

    def cost(share: Floats, move: Floats, shift: Floats) -> Doubles:
        return _cost(logits + share * shift, weights + share * move, truth, strength, penalty)

    for _ in range(ROUNDS):
        p = 0.5 * (1 + np.tanh(0.5 * logits))
        curvature = np.asarray(strength * p * (1 - p), np.float32)
        gradient = np.asarray(rows.turned @ (strength * (p - truth)) + penalty * weights, np.float32)
        move, shift = _newton(rows, curvature, penalty, gradient)
        share = _share(partial(cost, move=move, shift=shift), truth.shape[1])
        weights += share * move
        logits += share * shift
    return weights


def _share(cost: Callable[[Floats], Doubles], labels: int) -> Floats:
    """Return the largest share of its move (1, a half, a quarter …, or none) with which each label costs no more."""
    share = np.ones(labels, np.float32)
    before = cost(np.zeros(labels, np.float32))
    for _ in range(HALVINGS):
        good = cost(share) <= before
        if good.all():
            return share
        share = np.where(good, share, share / 2)
    return np.where(good, share, np.float32(0))


def _newton(rows: _Rows, curvature: Floats, penalty: Floats, gradient: Floats) -> tuple[Floats, Floats]:
    """Return Newton's move of the weights and how it shifts the logits, by conjugate gradients of each label."""
    scale: Floats = np.asarray(1 / (rows.squares @ curvature + penalty), np.float32)
    left = -gradient
    ahead = scale * left
    size = _dot(left, ahead)
    move, shift = np.zeros_like(left), np.zeros_like(curvature)
    for _ in range(STEPS):
        moved: Floats = np.asarray(rows.x @ ahead, np.float32)
        bent: Floats = np.asarray(rows.turned @ (curvature * moved) + penalty * ahead, np.float32)
        pace = size / np.maximum(_dot(ahead, bent), np.finfo(np.float32).tiny)
        move += pace * ahead
        shift += pace * moved
        left -= pace * bent
        scaled = scale * left
        before, size = size, _dot(left, scaled)
        ahead = scaled + size / np.maximum(before, np.finfo(np.float32).tiny) * ahead
    return move, shift


def _cost(logits: Floats, weights: Floats, truth: Bits, strength: float, penalty: Floats) -> Doubles:
    unlikely = np.logaddexp(np.float32(0), np.where(truth, -logits, logits)).sum(0, dtype=np.float64)
    return np.asarray(strength * unlikely + 0.5 * (penalty * weights**2).sum(0, dtype=np.float64))


def _dot(a: Floats, b: Floats) -> Floats:
    return np.asarray((a * b).sum(0))


def _log_odds(truth: Bits) -> Doubles:
    share = (truth.sum(0) + 0.5) / (len(truth) + 1)
    return np.asarray(np.log(share / (1 - share)))
