"""Scores of texts under a trained model, with numpy alone."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.emotions.artifact import Model
from knowledge.emotions.cues import families
from knowledge.emotions.fitting import sigmoid
from knowledge.emotions.text import tokens
from knowledge.emotions.vectorizer import Floats

BATCH = 256
LEAST_KNOWN = 0.25


@dataclass(frozen=True, slots=True)
class Weighed:
    """A word and how far it moved the logit of one label."""

    word: str
    weight: float


def probabilities(model: Model, texts: Sequence[str]) -> Floats:
    """Return the calibrated probability of each label for each text, of shape (texts, labels).

    Memory does not grow with the number of texts beyond the result.
    """
    scores = np.empty((len(texts), len(model.labels)), np.float32)
    for start in range(0, len(texts), BATCH):
        scores[start : start + BATCH] = sigmoid(
            _logits(model, texts[start : start + BATCH]) * model.slope + model.offset
        )
    return scores


def has_evidence(model: Model, text: str) -> bool:
    """Return whether the model knows enough of ``text`` to judge it.

    Emoji of an emotion count, numbers and punctuation do not, and of the words a quarter must be known: a text in
    another language shares a few short words with English by chance.
    """
    seen = tokens(text)
    if any(families(token) for token in seen if not token.isascii() and not token[0].isalpha()):
        return True
    words = [token for token in seen if token[0].isalpha()]
    known = len(model.vocabulary.word_ids(words))
    return known > 0 and known >= LEAST_KNOWN * len(words)


def weighed_words(model: Model, text: str, label: str, *, top: int = 5) -> list[Weighed]:
    """Return the words of ``text`` that spoke most for ``label``, the strongest first.

    A word's weight is what the logit owes to the word itself and to its pieces.
    """
    column = model.labels.index(label)
    rows = model.vocabulary.encode([text])
    moved = np.zeros(len(model.vocabulary), np.float32)
    moved[rows.ids] = rows.values * model.weights[rows.ids, column]
    seen = dict.fromkeys(token for token in tokens(text) if token[0].isalnum() or not token.isascii())
    found = [Weighed(token, _moved_by(model, token, moved)) for token in seen]
    return sorted((word for word in found if word.weight > 0), key=lambda word: -word.weight)[:top]


def _logits(model: Model, texts: Sequence[str]) -> Floats:
    rows = model.vocabulary.encode(texts)
    bounds = rows.starts.tolist()
    logits = np.empty((len(texts), len(model.labels)), np.float32)
    for i, (start, end) in enumerate(itertools.pairwise(bounds)):
        logits[i] = rows.values[start:end] @ model.weights[rows.ids[start:end]]
    return logits + model.bias


def _moved_by(model: Model, token: str, moved: Floats) -> float:
    vocabulary = model.vocabulary
    ids: NDArray[np.int64] = np.array([*vocabulary.word_ids([token]), *set(vocabulary.gram_ids(token))], np.int64)
    return float(moved[ids].sum())
