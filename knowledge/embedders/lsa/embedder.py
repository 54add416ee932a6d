"""The model as an embedder, kept in the table ``embedder_models``."""

from collections.abc import Sequence
from functools import lru_cache

from django.db.models.functions import Now

from knowledge.embedders.contract import EmbedderError, Vectors, fitted
from knowledge.embedders.lsa.bags import bags_of_examples, bags_of_texts
from knowledge.embedders.lsa.fitting import fit
from knowledge.embedders.lsa.model import Model, from_bytes
from knowledge.models import EmbedderModel
from knowledge.search.sql import Piece, rows
from knowledge.search.statistics import corpus_now

NAME = "lsa"
FITTED_ON = 20_000
"""Examples that the model is fitted on at most: what goes together shows in a sample."""
OUTGROWN = 2.0
"""The store may become so many times larger or smaller before the model is fitted anew."""
_KEPT = 3

_LAST = "SELECT version FROM embedder_models WHERE embedder = %s ORDER BY id DESC LIMIT 1"


class LatentSemantics:
    """Embeds by the version that was fitted last."""

    def __init__(self, version: str, model: Model) -> None:
        self.identity = f"{NAME}:{version}"
        self._model = model

    def documents(self, texts: Sequence[str]) -> Vectors:
        """See `contract.Embedder`."""
        return fitted(self._model.documents(bags_of_texts(texts)))

    def query(self, text: str) -> Vectors:
        """See `contract.Embedder`."""
        (bag,) = bags_of_texts([text])
        return fitted(self._model.query(bag))


def current() -> LatentSemantics | None:
    """Return the embedder of the version fitted last, or None where none was fitted yet."""
    version = _last_version()
    return None if version is None else _load(version)


def current_identity() -> str | None:
    """Return the identity of that embedder, without loading it."""
    version = _last_version()
    return None if version is None else f"{NAME}:{version}"


def _last_version() -> str | None:
    return next((version for (version,) in rows(Piece(_LAST, (NAME,)))), None)


def ensure(*, refit: bool = False) -> LatentSemantics | None:
    """Return the embedder, fitted first where there is none or the store has outgrown it; None for an empty store."""
    last = EmbedderModel.objects.filter(embedder=NAME).order_by("-pk").only("version", "examples").first()
    examples = corpus_now().examples
    if last is None or refit or _outgrown(last.examples, examples):
        return _fit(examples) or current()
    return _load(last.version)


def _outgrown(then: int, now: int) -> bool:
    """Whether a sample of now would be another; stores beyond the sample's size are all alike in this."""
    then, now = min(then, FITTED_ON), min(now, FITTED_ON)
    return now > 0 and not 1 / OUTGROWN < (now + 1) / (then + 1) < OUTGROWN


def _fit(examples: int) -> LatentSemantics | None:
    model = fit(bags_of_examples(examples, FITTED_ON))
    if model is None:
        return None
    row = {"body": model.to_bytes(), "examples": examples, "created_at": Now()}
    EmbedderModel.objects.filter(embedder=NAME, version=model.version).delete()  # so that it becomes the last one
    EmbedderModel.objects.create(embedder=NAME, version=model.version, **row)
    old = EmbedderModel.objects.filter(embedder=NAME).order_by("-pk").values_list("pk", flat=True)[_KEPT:]
    EmbedderModel.objects.filter(pk__in=list(old)).delete()
    return _load(model.version)


@lru_cache(maxsize=2)
def _load(version: str) -> LatentSemantics:
    body = EmbedderModel.objects.filter(embedder=NAME, version=version).values_list("body", flat=True).first()
    if body is None:
        raise EmbedderError(f"The model {NAME}:{version} is not kept any more.")
    return LatentSemantics(version, from_bytes(bytes(body)))
