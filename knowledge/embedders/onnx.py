"""A model that runs here, by the extra ``fastembed``: one that it knows and downloads, or one from a folder."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.embedders.contract import EmbedderError, Vectors, fitted

_GRAPHS = ("onnx/model.onnx", "model.onnx")
POOLINGS = ("mean", "cls", "last_token", "disabled")


class FastEmbedder:
    """Embeds by a model that `fastembed` knows by name, or that lies in the folder `path`.

    Parameters
    ----------
    model : str
        Its name. With a folder, one that `fastembed` does not know may be any: the folder then says what it is.
    path : str
        A folder with ``model.onnx`` (or ``onnx/model.onnx``), ``tokenizer.json`` and ``tokenizer_config.json``, as
        model hubs have them; nothing is downloaded. Empty: the model is downloaded on first use.
    pooling : str
        How a model that `fastembed` does not know makes one vector of its tokens': one of `POOLINGS`.
    """

    def __init__(self, *, model: str, path: str = "", pooling: str = "mean", truncate: bool = False) -> None:
        try:
            from fastembed import TextEmbedding
        except ImportError:
            raise EmbedderError("EMBEDDER=fastembed needs the extra: uv sync --extra fastembed") from None
        self.identity = f"fastembed:{model}"
        self._model_name, self._truncate = model, truncate
        options: dict[str, Any] = {}
        if path:
            model, graph = _from_folder(model, Path(path), pooling)
            self.identity += f"@{_digest(graph)}"
            options["specific_model_path"] = path
        self._model = self._told(lambda: TextEmbedding(model, **options))

    def documents(self, texts: Sequence[str]) -> Vectors:
        """See `contract.Embedder`."""
        return self._vectors(lambda: self._model.passage_embed(list(texts)))

    def query(self, text: str) -> Vectors:
        """See `contract.Embedder`."""
        return self._vectors(lambda: self._model.query_embed(text))

    def _vectors(self, embed: Callable[[], Iterable[Any]]) -> Vectors:
        return fitted(self._told(lambda: np.array(list(embed()))), truncate=self._truncate)

    def _told(self, work: Callable[[], Any]) -> Any:
        """Do the work; whatever the library's many parts raise, say which model it was about."""
        try:
            return work()
        except Exception as error:
            raise EmbedderError(f"The model {self._model_name!r} cannot be used: {error}") from error


def _digest(graph: Path) -> str:
    """Return by which a graph is known from another of the same name."""
    with graph.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]


def _from_folder(model: str, folder: Path, pooling: str) -> tuple[str, Path]:
    """Return the name by which `fastembed` knows the model, having told it of a new one, and the graph."""
    from fastembed import TextEmbedding
    from fastembed.common.model_description import ModelSource, PoolingType

    known = {each["model"].lower(): each["model_file"] for each in TextEmbedding.list_supported_models()}
    names = [known[model.lower()]] if model.lower() in known else _GRAPHS
    graph = next((name for name in names if (folder / name).is_file()), None)
    if graph is None:
        raise EmbedderError(f"EMBEDDER_PATH={folder} holds no {' or '.join(names)}.")
    if model.lower() in known:
        return model, folder / graph
    if pooling not in POOLINGS:
        raise EmbedderError(f"EMBEDDER_POOLING is {pooling!r}; it must be one of {', '.join(POOLINGS)}.")
    own = f"{model}#{pooling}#{graph}"
    if own.lower() not in known:
        TextEmbedding.add_custom_model(
            own, PoolingType(pooling.upper()), True, ModelSource(hf=model), dim=1, model_file=graph
        )
    return own, folder / graph
