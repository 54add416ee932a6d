"""Refining: move a trained model as far as new examples ask for, and no further.

A few hundred curated labels are too few to learn 28 emotions from, but enough to correct a model that knows them.
Each label's weights are the maximum a posteriori under a normal prior around the weights it had, so that what the new
examples do not speak of stays as it was.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from knowledge.emotions.artifact import Model
from knowledge.emotions.dataset import FEWEST_EXAMPLES, Labelled, bits, check_agreement, counts
from knowledge.emotions.errors import TrainingDataError
from knowledge.emotions.fitting import sigmoid
from knowledge.emotions.metrics import Bits, Doubles, Evaluation, evaluate
from knowledge.emotions.scoring import probabilities
from knowledge.emotions.vectorizer import Floats, matrix

if TYPE_CHECKING:
    from scipy.sparse import csr_array

STRENGTH = 0.5
"""The variance of the prior: how far a weight may move for how much evidence."""

NEW_THRESHOLD = 0.3

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Refined:
    """A refined model, and how the one before and this one do on the held-out examples."""

    model: Model
    before: Evaluation
    after: Evaluation


def refine(
    base: Model,
    rows: Sequence[Labelled],
    held_out: Sequence[Labelled],
    *,
    strength: float = STRENGTH,
    progress: Progress = lambda fraction, stage: None,
) -> Refined:
    """Refine ``base`` by ``rows``; labels that it does not know are added to it.

    Raises
    ------
    TrainingDataError
        There are no rows, a new label has too few, or the same texts carry labels that contradict each other.
    """
    _check(base, rows)
    start = _with_labels(base, sorted(counts(rows)))
    encoded = start.vocabulary.encode([row.text for row in rows])
    used, columns = np.unique(encoded.ids, return_inverse=True)  # weights of features that no row has cannot move
    x = matrix(replace(encoded, ids=columns), len(used))
    truth = bits(rows, start.labels)
    weights = start.weights.copy()
    for i, label in enumerate(start.labels):
        progress(i / len(start.labels), f"refining {label}")
        calibration = float(start.slope[i]), float(start.offset[i]), float(start.bias[i])
        weights[used, i] = _Label(x, truth[:, i], *calibration, strength).fit(weights[used, i])
    model = Model.from_bytes(replace(start, weights=weights).to_bytes())
    return Refined(model, _judge(start, held_out), _judge(model, held_out))


@dataclass(frozen=True, slots=True)
class _Label:
    """The examples of one label, and the calibration that its logits go through.

    The bias stays: how common an emotion is among the examples says what curators collect, not what people write.
    """

    x: "csr_array"
    truth: Bits
    slope: float
    offset: float
    bias: float
    strength: float

    def fit(self, weights: Floats) -> Floats:
        """Return the weights that are most probable now, given those from before."""
        from scipy.optimize import minimize

        before = np.asarray(self.x @ weights.astype(np.float64)) + self.bias
        start = np.zeros(len(weights))
        found = minimize(self._cost, start, args=(before,), jac=True, method="L-BFGS-B", options={"maxiter": 50})
        return weights + found.x.astype(np.float32)

    def _cost(self, moved: Doubles, before: Doubles) -> tuple[float, Doubles]:
        """Return the negative log posterior of a move away from the weights before, and its gradient."""
        logits = self.slope * (before + self.x @ moved) + self.offset
        signed = np.where(self.truth, logits, -logits)
        cost = np.logaddexp(0, -signed).sum() + (moved @ moved) / (2 * self.strength)
        error = self.slope * (sigmoid(logits) - self.truth)
        gradient: Any = self.x.T @ error + moved / self.strength
        return float(cost), gradient


def _check(base: Model, rows: Sequence[Labelled]) -> None:
    if not rows:
        raise TrainingDataError("There are no labelled examples to learn from.")
    rare = [f"{name} has {n}" for name, n in counts(rows).items() if n < FEWEST_EXAMPLES and name not in base.labels]
    if rare:
        raise TrainingDataError(
            f"An emotion that the model does not know needs {FEWEST_EXAMPLES} examples: {', '.join(sorted(rare))}."
        )
    check_agreement(rows)


def _with_labels(base: Model, names: Sequence[str]) -> Model:
    """Return ``base`` with the labels it lacks, which start out improbable whatever the text."""
    new = [name for name in names if name not in base.labels]

    def extended(array: Floats, value: float) -> Floats:
        return np.append(array, np.full(len(new), value, np.float32))

    return replace(
        base,
        labels=(*base.labels, *new),
        weights=np.hstack([base.weights, np.zeros((len(base.weights), len(new)), np.float32)]),
        bias=extended(base.bias, -3.0),
        slope=extended(base.slope, 1.0),
        offset=extended(base.offset, 0.0),
        thresholds=extended(base.thresholds, NEW_THRESHOLD),
    )


def _judge(model: Model, held_out: Sequence[Labelled]) -> Evaluation:
    given = probabilities(model, [row.text for row in held_out]) >= model.thresholds
    return evaluate(bits(held_out, model.labels), given)
