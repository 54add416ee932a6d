"""Training: TF-IDF, one logistic regression a label, made small, calibrated, judged. Needs scipy."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from knowledge.emotions.artifact import Model
from knowledge.emotions.dataset import Labelled, bits, checked_labels
from knowledge.emotions.errors import TrainingDataError
from knowledge.emotions.fitting import platt, sigmoid, smooth_threshold
from knowledge.emotions.metrics import Bits, Doubles, Evaluation, evaluate, f1_by_label, micro_f1
from knowledge.emotions.regression import fit, penalties
from knowledge.emotions.text import tokens
from knowledge.emotions.vectorizer import Floats, Vocabulary, matrix, narrowed

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is trained.

    ``strength`` is the weight of the evidence against the penalty of the weights, first with all features, then with
    those kept. ``features`` is how many are kept. Weights smaller than ``least_weight`` are dropped. ``folds`` of
    cross-validation give the logits on which probabilities and thresholds are fitted.
    """

    rarest_word: int = 3
    rarest_gram: int = 6
    features: int = 20_000
    first_strength: float = 1.0
    strength: float = 1.5
    least_weight: float = 0.2
    folds: int = 5
    seed: int = 0
    threads: int = 2


@dataclass(frozen=True, slots=True)
class Step:
    """A step of making the model small: its size and its best F1 on the held-out rows at that point."""

    name: str
    features: int
    weights: int
    macro: float
    micro: float


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model, its file, how it did on held-out rows, and what each step of shrinking cost.

    ``unseen`` is judged with thresholds from the training rows alone; ``shipped`` with the model's own thresholds,
    on which the held-out rows had a say.
    """

    model: Model
    unseen: Evaluation
    shipped: Evaluation
    steps: tuple[Step, ...]


def train(
    rows: Sequence[Labelled],
    held_out: Sequence[Labelled],
    recipe: Recipe | None = None,
    *,
    progress: Progress = lambda fraction, stage: None,
) -> Trained:
    """Train on ``rows``, judge on ``held_out``.

    Raises
    ------
    TrainingDataError
        The rows cannot teach a classifier, or there is nothing to judge it by.
    """
    labels = checked_labels(rows)
    if not held_out:
        raise TrainingDataError("Held-out examples are needed to judge the model; there are none.")
    return _Training(recipe or Recipe(), labels, rows, held_out, progress).run()


class _Training:
    """One run; each method is one step of it."""

    def __init__(
        self,
        recipe: Recipe,
        labels: tuple[str, ...],
        rows: Sequence[Labelled],
        held_out: Sequence[Labelled],
        progress: Progress,
    ) -> None:
        self.recipe = recipe
        self.labels = labels
        self.texts = [row.text for row in rows]
        self.held_texts = [row.text for row in held_out]
        self.tokens = [tokens(text) for text in self.texts]
        self.truth = bits(rows, labels)
        self.held_truth = bits(held_out, labels)
        self.progress = progress
        self.steps: list[Step] = []

    def run(self) -> Trained:
        vocabulary, x, held = self._select()
        words = len(vocabulary.words)
        logits = self._cross_validate(x, words)
        self.progress(0.85, "fitting the kept features")
        weights, bias = self._fit(x, self.truth, words, self.recipe.strength)
        self._note("features pruned", held @ weights + bias, weights)
        weights = np.where(np.abs(weights) < self.recipe.least_weight, 0, weights)
        self._note("small weights dropped", held @ weights + bias, weights)
        draft = _draft(self.labels, vocabulary, weights, bias)
        held_logits = np.asarray(held @ draft.weights + draft.bias, np.float64)
        self._note("stored as float16", held_logits, draft.weights)
        return self._finish(draft, logits, held_logits)

    def _select(self) -> tuple[Vocabulary, "csr_array", "csr_array"]:
        """Fit on every feature and keep those that move the logits most over the training rows."""
        self.progress(0.0, "reading features")
        recipe = self.recipe
        full = Vocabulary.fit(self.texts, self.tokens, rarest_word=recipe.rarest_word, rarest_gram=recipe.rarest_gram)
        x = matrix(full.encode(self.texts, self.tokens), len(full))
        held = matrix(full.encode(self.held_texts), len(full))
        self.progress(0.25, "fitting every feature")
        words = len(full.words)
        weights, bias = self._fit(x, self.truth, words, recipe.first_strength)
        self._note("every feature", held @ weights + bias, weights)
        kept = _most_moving(x, weights, recipe.features)
        return full.subset(kept), narrowed(x, kept, words), narrowed(held, kept, words)

    def _cross_validate(self, x: "csr_array", words: int) -> Doubles:
        """Return logits of the training rows from models that did not see them."""
        fold_of = np.random.default_rng(self.recipe.seed).permutation(len(self.texts)) % self.recipe.folds
        logits = np.empty(self.truth.shape)
        for fold in range(self.recipe.folds):
            self.progress(0.4 + 0.45 * fold / self.recipe.folds, "cross-validating")
            out = fold_of == fold
            weights, bias = self._fit(x[~out], self.truth[~out], words, self.recipe.strength)
            weights = np.where(np.abs(weights) < self.recipe.least_weight, 0, weights)
            logits[out] = x[out] @ weights + bias
        return logits

    def _fit(self, x: "csr_array", truth: Bits, words: int, strength: float) -> tuple[Floats, Floats]:
        penalty = penalties(x, truth, words)  # of these rows alone: a fold must not learn from what it is judged by
        return fit(x, truth, strength=strength, penalty=penalty, threads=self.recipe.threads)

    def _note(self, name: str, held_logits: Any, weights: Floats) -> None:
        """Record the F1 at thresholds that are the best for these logits, so that steps compare alike."""
        best = np.array([smooth_threshold(s, t) for s, t in zip(held_logits.T, self.held_truth.T, strict=True)])
        given = held_logits >= best
        macro, micro = float(f1_by_label(self.held_truth, given).mean()), micro_f1(self.held_truth, given)
        self.steps.append(Step(name, len(weights), int(np.count_nonzero(weights)), macro, micro))

    def _finish(self, draft: Model, logits: Doubles, held_logits: Doubles) -> Trained:
        self.progress(0.95, "calibrating")
        scale = np.array([platt(s, t) for s, t in zip(logits.T, self.truth.T, strict=True)])
        ours, held = (sigmoid(scale[:, 0] * z + scale[:, 1]) for z in (logits, held_logits))
        alone = _thresholds(ours, self.truth)
        pooled = _thresholds(np.vstack([ours, held]), np.vstack([self.truth, self.held_truth]))
        slope, offset = scale.T.astype(np.float32)
        model = replace(draft, slope=slope, offset=offset, thresholds=pooled.astype(np.float32))
        unseen, shipped = (evaluate(self.held_truth, held >= chosen) for chosen in (alone, pooled))
        return Trained(model, unseen, shipped, tuple(self.steps))


def _draft(labels: tuple[str, ...], vocabulary: Vocabulary, weights: Floats, bias: Floats) -> Model:
    """Return the model as its file will give it back, not calibrated yet."""
    one, zero = (np.full(len(labels), value, np.float32) for value in (1, 0))
    return Model.from_bytes(Model(labels, vocabulary, weights, bias, one, zero, zero).to_bytes())


def _thresholds(probability: Doubles, truth: Bits) -> Doubles:
    return np.array([smooth_threshold(p, t) for p, t in zip(probability.T, truth.T, strict=True)])


def _most_moving(x: "csr_array", weights: Floats, count: int) -> NDArray[np.int64]:
    """Return the ``count`` columns, sorted, whose weights times values have the largest norm."""
    moved = np.asarray((x * x).sum(0)) * (weights.astype(np.float64) ** 2).sum(1)
    return np.sort(np.argsort(-moved, kind="stable")[:count])
