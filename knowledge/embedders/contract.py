"""What an embedder is, and how its vectors fit the column that holds them."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from knowledge.models import EMBEDDING_DIMENSIONS

Vectors = npt.NDArray[np.float32]
"""One vector a row, of `EMBEDDING_DIMENSIONS` columns and of length 1; all zeros where a text has no direction."""


class EmbedderError(Exception):
    """The embedder cannot be used as configured, or gave what is no answer; trying again would fail alike."""


class EmbedderAway(EmbedderError):
    """The embedder does not answer now."""


class Embedder(Protocol):
    """Turns texts into vectors whose cosine says how near their meanings are."""

    @property
    def identity(self) -> str:
        """Name and version. Vectors of different identities must not be compared."""

    def documents(self, texts: Sequence[str]) -> Vectors:
        """Return the vectors of texts to be found. Raises `EmbedderError`."""

    def query(self, text: str) -> Vectors:
        """Return the one vector, of shape (1, dimensions), of what is looked for. Raises `EmbedderError`."""


def fitted(raw: npt.NDArray[np.floating], *, truncate: bool = False) -> Vectors:
    """Return vectors scaled to length 1, filled up with zeros to the column's width.

    Zeros change no cosine. Wider vectors are cut only with ``truncate``: right for models that were trained to be cut
    (Kusupati et al. 2022, "Matryoshka Representation Learning"), ruin for others.

    Raises
    ------
    EmbedderError
        They are wider than the column, or hold what is no number.
    """
    width = raw.shape[1]
    if width > EMBEDDING_DIMENSIONS and not truncate:
        raise EmbedderError(
            f"The embedder gives {width} dimensions, the column holds {EMBEDDING_DIMENSIONS}. Choose a smaller model, "
            "or set EMBEDDER_TRUNCATE=true if this one was trained to be cut (Matryoshka)."
        )
    vectors = np.zeros((len(raw), EMBEDDING_DIMENSIONS), np.float32)
    vectors[:, : min(width, EMBEDDING_DIMENSIONS)] = raw[:, :EMBEDDING_DIMENSIONS]
    if not np.isfinite(vectors).all():
        raise EmbedderError("The embedder gave a vector with something in it that is no number.")
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def literal(vector: npt.NDArray[np.float32]) -> str | None:
    """Return a vector as pgvector reads it; None for one without direction, which no cosine can be taken of."""
    if not vector.any():
        return None
    return "[" + ",".join(map("{:.5g}".format, vector.tolist())) + "]"
