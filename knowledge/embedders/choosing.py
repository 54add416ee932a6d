"""Which embedder is in use: the one that the setting ``EMBEDDER`` names."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from knowledge.embedders.contract import Embedder, EmbedderError
from knowledge.embedders.endpoint import EndpointEmbedder
from knowledge.embedders.lsa import embedder as lsa
from knowledge.embedders.onnx import FastEmbedder
from knowledge.errors import nearest

NAMES = (lsa.NAME, "openai", "fastembed")


def embedder_now() -> Embedder | None:
    """Return the embedder in use, or None where it must be fitted first. Raises `EmbedderError`."""
    return lsa.current() if _name() == lsa.NAME else _made(_told())


def identity_now() -> str | None:
    """Return the identity of the embedder in use, or None where it must be fitted first. Raises `EmbedderError`."""
    return lsa.current_identity() if _name() == lsa.NAME else _made(_told()).identity


def embedder_ready(*, refit: bool = False) -> Embedder | None:
    """Return the embedder in use, fitted if need be; None where there is nothing to fit it on."""
    return lsa.ensure(refit=refit) if _name() == lsa.NAME else _made(_told())


def _name() -> str:
    name: str = settings.EMBEDDER
    if name not in NAMES:
        raise EmbedderError(f"EMBEDDER is {name!r}; it must be one of {', '.join(NAMES)}.{nearest(name, NAMES)}")
    return name


@dataclass(frozen=True, slots=True)
class _Told:
    name: str
    model: str
    url: str
    api_key: str
    dimensions: int
    truncate: bool
    path: str
    pooling: str


def _told() -> _Told:
    s = settings
    return _Told(
        name=_name(),
        model=s.EMBEDDER_MODEL,
        url=s.EMBEDDER_URL,
        api_key=s.EMBEDDER_API_KEY,
        dimensions=s.EMBEDDER_DIMENSIONS,
        truncate=s.EMBEDDER_TRUNCATE,
        path=s.EMBEDDER_PATH,
        pooling=s.EMBEDDER_POOLING,
    )


@lru_cache(maxsize=4)
def _made(told: _Told) -> Embedder:
    if not told.model:
        raise EmbedderError(f"EMBEDDER={told.name} needs EMBEDDER_MODEL.")
    if told.name == "fastembed":
        return FastEmbedder(model=told.model, path=told.path, pooling=told.pooling, truncate=told.truncate)
    if not told.url:
        raise EmbedderError("EMBEDDER=openai needs EMBEDDER_URL, such as https://api.openai.com/v1.")
    return EndpointEmbedder(
        url=told.url, model=told.model, api_key=told.api_key, dimensions=told.dimensions, truncate=told.truncate
    )
