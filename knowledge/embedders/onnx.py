"""A model that runs here, by the extra ``fastembed``; it is downloaded on first use."""

from collections.abc import Sequence

import numpy as np

from knowledge.embedders.contract import EmbedderError, Vectors, fitted


class FastEmbedder:
    """Embeds by a model that `fastembed` knows by name."""

    def __init__(self, *, model: str, truncate: bool = False) -> None:
        try:
            from fastembed import TextEmbedding
        except ImportError:
            raise EmbedderError("EMBEDDER=fastembed needs the extra: uv sync --extra fastembed") from None
        self.identity = f"fastembed:{model}"
        self._model = TextEmbedding(model)
        self._truncate = truncate

    def documents(self, texts: Sequence[str]) -> Vectors:
        """See `contract.Embedder`."""
        return fitted(np.array(list(self._model.passage_embed(list(texts)))), truncate=self._truncate)

    def query(self, text: str) -> Vectors:
        """See `contract.Embedder`."""
        return fitted(np.array(list(self._model.query_embed(text))), truncate=self._truncate)
