"""Scores of texts under a trained model, with numpy alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from knowledge.emotions.artifact import Model
from knowledge.emotions.cues import families
from knowledge.emotions.fitting import sigmoid
from knowledge.emotions.text import tokens
from knowledge.emotions.vectorizer import Floats, Rows

BATCH = 256
LEAST_KNOWN = 0.25


@dataclass(frozen=True, slots=True)
class Scored:
    """Some texts with their tokens, their rows, and the calibrated probability of each label (texts × labels)."""

    texts: Sequence[str]
    tokens: Sequence[list[str]]
    rows: Rows
    probabilities: Floats


@dataclass(frozen=True, slots=True)
class Weighed:
    """A word and how far it moved the logit of one label."""

    word: str
    weight: float


def scored(model: Model, texts: Sequence[str]) -> Iterator[Scored]:
    """Yield the scores of ``texts``, a bounded number at a time."""
    for start in range(0, len(texts), BATCH):
        part = texts[start : start + BATCH]
        read = [tokens(text) for text in part]
        rows = model.vocabulary.encode(part, read)
        logits = _logits(model, rows) * model.slope + model.offset
        yield Scored(part, read, rows, sigmoid(logits).astype(np.float32))


def probabilities(model: Model, texts: Sequence[str]) -> Floats:
    """Return the calibrated probability of each label for each text, of shape (texts, labels)."""
    none = np.empty((0, len(model.labels)), np.float32)
    return np.concatenate([none, *(part.probabilities for part in scored(model, texts))])


def has_evidence(model: Model, seen: Sequence[str]) -> bool:
    """Return whether the model knows enough of the tokens of a text to judge it.

    Emoji of an emotion count, numbers and punctuation do not, and of the words a quarter must be known: a text in
    another language shares a few short words with English by chance.
    """
    if any(families(token) for token in seen if not token.isascii() and not token[0].isalpha()):
        return True
    words = [token for token in seen if token[0].isalpha()]
    known = len(model.vocabulary.word_ids(words))
    return known > 0 and known >= LEAST_KNOWN * len(words)


def weighed_words(model: Model, part: Scored, index: int, label: str, *, top: int = 5) -> list[Weighed]:
    """Return the words of a text of ``part`` that spoke most for ``label``, the strongest first.

    A word's weight is what the logit owes to the word itself and to its pieces.
    """
    row = slice(part.rows.starts[index], part.rows.starts[index + 1])
    ids = part.rows.ids[row]
    moved = part.rows.values[row] * model.weights[ids, model.labels.index(label)]
    owed = dict(zip(ids.tolist(), moved.tolist(), strict=True))
    words = dict.fromkeys(token for token in part.tokens[index] if token[0].isalnum() or not token.isascii())
    found = (Weighed(word, _owed_to(model, word, owed)) for word in words)
    return sorted((word for word in found if word.weight > 0), key=lambda word: -word.weight)[:top]


def _logits(model: Model, rows: Rows) -> Floats:
    bounds = rows.starts.tolist()
    logits = np.empty((len(bounds) - 1, len(model.labels)), np.float32)
    for i, (start, end) in enumerate(pairwise(bounds)):
        logits[i] = rows.values[start:end] @ model.weights[rows.ids[start:end]]
    return logits + model.bias


def _owed_to(model: Model, word: str, owed: dict[int, float]) -> float:
    ids = {*model.vocabulary.word_ids([word]), *model.vocabulary.gram_ids(word)}
    return sum(owed[i] for i in ids)
