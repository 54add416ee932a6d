"""TF-IDF rows of texts: the same code encodes for training and for scoring."""

from array import array
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from knowledge.emotions.features import pieces, word_features
from knowledge.emotions.text import tokens

if TYPE_CHECKING:
    from scipy.sparse import csr_array

REMEMBERED_TOKENS = 16_384

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rows:
    """Sparse rows: row ``i`` holds ``values[starts[i]:starts[i + 1]]`` at the columns ``ids`` of the same slice."""

    starts: NDArray[np.int64]
    ids: NDArray[np.int64]
    values: Floats


class Vocabulary:
    """The features that are known, words before pieces, each with its inverse document frequency."""

    def __init__(self, words: Sequence[str], grams: Sequence[str], idf: Floats) -> None:
        self.words = tuple(words)
        self.grams = tuple(grams)
        self.idf = idf
        self._word_ids = {word: i for i, word in enumerate(self.words)}
        self._gram_ids = {gram: i for i, gram in enumerate(self.grams, len(self.words))}
        self._grams_of: dict[str, array[int]] = {}

    def __len__(self) -> int:
        return len(self.idf)

    @classmethod
    def fit(
        cls, texts: Sequence[str], read: Sequence[list[str]] | None = None, *, rarest_word: int, rarest_gram: int
    ) -> Self:
        """Return the features that at least ``rarest_word`` (``rarest_gram``) of ``texts`` have.

        ``read`` holds the tokens of each text, where they are known already. The inverse document
        frequency is ln((1 + n) / (1 + df)) + 1, with n texts of which df have the feature.
        """
        read = [tokens(text) for text in texts] if read is None else read
        words = _counted((word_features(text, seen) for text, seen in zip(texts, read, strict=True)), rarest_word)
        remembered = {token: pieces(token) for token in set(chain.from_iterable(read))}
        grams = _counted((chain.from_iterable(remembered[t] for t in seen) for seen in read), rarest_gram)
        frequencies = np.array([*words.values(), *grams.values()], np.float64)
        idf = np.log((1 + len(texts)) / (1 + frequencies)) + 1
        return cls(tuple(words), tuple(grams), idf.astype(np.float32))

    def subset(self, kept: NDArray[np.int64]) -> Self:
        """Return the vocabulary of the features ``kept`` (sorted)."""
        names = self.words + self.grams
        split = int(np.searchsorted(kept, len(self.words)))
        words, grams = ([names[i] for i in part] for part in (kept[:split], kept[split:]))
        return type(self)(words, grams, self.idf[kept])

    def encode(self, texts: Sequence[str], read: Sequence[list[str]] | None = None) -> Rows:
        """Return the rows of ``texts``: (1 + ln count) · idf, of length 1 among words and among pieces.

        ``read`` holds the tokens of each text, where they are known already.
        """
        found = array("q")
        ends = np.zeros(len(texts) + 1, np.int64)
        for i, text in enumerate(texts):
            self._find(text, tokens(text) if read is None else read[i], found)
            ends[i + 1] = len(found)
        return self._weigh(np.frombuffer(found, np.int64), ends)

    def word_ids(self, features: Iterable[str]) -> list[int]:
        """Return the columns of those ``features`` that are known."""
        known = self._word_ids
        return [known[feature] for feature in features if feature in known]

    def gram_ids(self, token: str) -> "array[int]":
        """Return the columns of those pieces of ``token`` that are known."""
        ids = self._grams_of.get(token)
        if ids is None:
            known = self._gram_ids
            ids = array("q", [known[piece] for piece in pieces(token) if piece in known])
            if len(self._grams_of) >= REMEMBERED_TOKENS:
                self._grams_of.clear()
            self._grams_of[token] = ids
        return ids

    def _find(self, text: str, seen: list[str], found: "array[int]") -> None:
        found.extend(self.word_ids(word_features(text, seen)))
        for token in seen:
            found.extend(self.gram_ids(token))

    def _weigh(self, found: NDArray[np.int64], ends: NDArray[np.int64]) -> Rows:
        size = max(len(self), 1)
        row_of = np.repeat(np.arange(len(ends) - 1), np.diff(ends))
        keys, counts = np.unique(row_of * size + found, return_counts=True)
        rows, ids = np.divmod(keys, size)
        values = (1 + np.log(counts)) * self.idf[ids]
        block = 2 * rows + (ids >= len(self.words))
        lengths = np.sqrt(np.bincount(block, values**2, 2 * len(ends)))
        starts = np.searchsorted(rows, np.arange(len(ends)))
        return Rows(starts, ids, (values / lengths[block]).astype(np.float32))


def matrix(rows: Rows, width: int) -> "csr_array":
    """Return ``rows`` as a matrix of scipy's, for training."""
    from scipy.sparse import csr_array

    indices, starts = rows.ids.astype(np.int32), rows.starts.astype(np.int32)
    return csr_array((rows.values, indices, starts), shape=(len(starts) - 1, width))


def narrowed(x: "csr_array", kept: NDArray[np.int64], words: int) -> "csr_array":
    """Return the columns ``kept`` (sorted) of ``x``, whose first ``words`` columns are words, as `Vocabulary.subset`
    would encode them: the rows of length 1 among words and among pieces again.
    """
    from scipy.sparse import csr_array, diags_array, hstack

    parts = [x[:, kept[kept < words]], x[:, kept[kept >= words]]]
    lengths = [np.sqrt(part.power(2).sum(1)) for part in parts]
    scaled = [diags_array(1 / np.where(n > 0, n, 1)) @ part for part, n in zip(parts, lengths, strict=True)]
    return csr_array(hstack(scaled, format="csr", dtype=np.float32))


def _counted(documents: Iterable[Iterable[str]], rarest: int) -> dict[str, int]:
    """Return how many documents have each feature, for those that at least ``rarest`` have, in order of name."""
    counts: Counter[str] = Counter()
    for document in documents:
        counts.update(set(document))
    return {name: n for name, n in sorted(counts.items()) if n >= rarest}
