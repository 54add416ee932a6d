"""Fitting the model: the matrix of examples by lexemes, and its leading singular vectors.

The singular vectors come from a randomized range finder with power iterations (Halko, Martinsson & Tropp 2011, "Finding
structure with randomness", algorithms 4.4 and 5.1), seeded, so that the same store gives the same model.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.embedders.lsa.bags import Bag
from knowledge.embedders.lsa.model import Floats, Model, saturated
from knowledge.models import EMBEDDING_DIMENSIONS

MOST_LEXEMES = 30_000
"""The most common ones; the rarest of a large store are for the search by words."""
OVERSAMPLING, POWER_ITERATIONS, SEED = 20, 5, 0


def fit(bags: Sequence[Bag]) -> Model | None:
    """Return a model of these texts, or None where they share too few words to be compared."""
    lexemes, holders = _vocabulary(bags)
    if len(lexemes) < 2:
        return None
    mean_length = max(float(np.mean([bag.counts.sum() for bag in bags])), 1.0)
    rarity = np.log1p((len(bags) - holders + 0.5) / (holders + 0.5)).astype(np.float32)
    matrix = _matrix(bags, lexemes, rarity, mean_length)
    directions = _right_singular_vectors(matrix, min(EMBEDDING_DIMENSIONS, *matrix.shape))
    return Model(lexemes, rarity, directions.astype(np.float16), mean_length)


def _vocabulary(bags: Sequence[Bag]) -> tuple[list[str], Floats]:
    """Return the most common lexemes, by name, and how many bags hold each."""
    held = Counter(lexeme for bag in bags for lexeme in bag.lexemes)
    chosen = sorted(sorted(held.items(), key=lambda each: (-each[1], each[0]))[:MOST_LEXEMES])
    return [lexeme for lexeme, _ in chosen], np.array([count for _, count in chosen], np.float32)


def _matrix(bags: Sequence[Bag], lexemes: Sequence[str], rarity: Floats, mean_length: float) -> Any:
    """Return the sparse matrix of bags by lexemes, rows of length 1."""
    from scipy.sparse import csr_matrix

    places = {lexeme: place for place, lexeme in enumerate(lexemes)}
    columns, values, ends = [], [], [0]
    for bag in bags:
        known = [(places[lexeme], n) for n, lexeme in enumerate(bag.lexemes) if lexeme in places]
        at = [place for place, _ in known]
        row = saturated(bag.counts, mean_length)[[n for _, n in known]] * rarity[at]
        columns += at
        values.append(row / max(float(np.linalg.norm(row)), 1e-12))
        ends.append(len(columns))
    return csr_matrix((np.concatenate(values), columns, ends), shape=(len(bags), len(lexemes)), dtype=np.float32)


def _right_singular_vectors(matrix: Any, count: int) -> npt.NDArray[np.float32]:
    """Return the ``count`` leading right singular vectors, one a column."""
    width = min(count + OVERSAMPLING, *matrix.shape)
    start = np.random.default_rng(SEED).standard_normal((matrix.shape[1], width)).astype(np.float32)
    basis = np.linalg.qr(matrix @ start)[0]
    for _ in range(POWER_ITERATIONS):
        basis = np.linalg.qr(matrix @ np.linalg.qr(matrix.T @ basis)[0])[0]
    _, _, right = np.linalg.svd((matrix.T @ basis).T, full_matrices=False)
    vectors: npt.NDArray[np.float32] = right[:count].T
    return vectors
