"""The nearest vectors exactly: all are compared, in one pass over the table whatever the number of queries."""

import numpy as np
import numpy.typing as npt
from django.db import connection

from knowledge.embedders.contract import Vectors
from knowledge.models import EMBEDDING_DIMENSIONS

_COPY = "COPY (SELECT embedding FROM examples WHERE embedder = %s AND embedding IS NOT NULL) TO STDOUT (FORMAT binary)"
_HEAD, _TAIL = 19, 2
"""Bytes before the first row and after the last one, in PostgreSQL's binary COPY without OIDs."""
_ROW = np.dtype([("head", "V10"), ("vector", ">f2", EMBEDDING_DIMENSIONS)])
"""The number of columns (2 bytes), the value's length (4), as pgvector sends it its dimensions and 2 bytes of zeros."""
_AT_ONCE = 4_000

Floats = npt.NDArray[np.float32]


def nearest_cosines(identity: str, queries: Vectors, count: int) -> Floats:
    """Return the cosines of the ``count`` nearest of this embedder's vectors to each query, in no order.

    Shape (queries, count); -inf where there are fewer vectors.
    """
    nearest = _Nearest(queries, count)
    with connection.cursor() as cursor:
        cursor.copy_expert(cursor.mogrify(_COPY, [identity]), nearest)
    return nearest.closed()


class _Nearest:
    """Takes what COPY sends, and keeps the best of it for each query."""

    def __init__(self, queries: Vectors, count: int) -> None:
        halves = queries.astype(np.float16).astype(np.float32)  # as the database compares them
        self._queries = halves / np.linalg.norm(halves, axis=1, keepdims=True)
        self._best = np.full((len(queries), count), -np.inf, np.float32)
        self._waiting, self._skip = bytearray(), _HEAD

    def write(self, sent: bytes) -> None:
        self._waiting += sent
        if len(self._waiting) >= _AT_ONCE * _ROW.itemsize:
            self._compare()

    def closed(self) -> Floats:
        """Return the best, when all has been sent."""
        del self._waiting[-_TAIL:]
        self._compare()
        return self._best

    def _compare(self) -> None:
        rows = (len(self._waiting) - self._skip) // _ROW.itemsize
        end = self._skip + rows * _ROW.itemsize
        vectors = np.frombuffer(self._waiting, _ROW, rows, self._skip)["vector"].astype(np.float32)
        del self._waiting[:end]
        self._skip = 0
        cosines = self._queries @ (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).T
        together = np.concatenate([self._best, cosines], axis=1)
        self._best = np.partition(together, -self._best.shape[1], axis=1)[:, -self._best.shape[1] :]
