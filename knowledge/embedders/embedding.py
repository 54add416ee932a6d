"""Keeping the store embedded: count words, fit the embedder if need be, embed what waits, measure the graph."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from knowledge.embedders.choosing import embedder_ready
from knowledge.embedders.pending import pending_batches, pending_count, vectors_write
from knowledge.search.calibrating import Calibration, calibrate_if_due
from knowledge.search.statistics import corpus_count, corpus_now

Progress = Callable[[float, str], None]

INDEX = "examples_by_meaning"
_CREATE = (
    f"CREATE INDEX {INDEX} ON examples USING hnsw (embedding halfvec_cosine_ops) WITH (m = 24, ef_construction = 256)"
)


@dataclass(frozen=True, slots=True)
class Embedded:
    """What was done: the embedder (None where the store holds too little to fit one), how many examples, and, where the
    graph of vectors was measured anew, what was found."""

    embedder: str | None
    embedded: int
    left: int
    calibration: Calibration | None = None


def embed_pending(
    *, refit: bool = False, progress: Progress = lambda fraction, stage: None, rebuild: bool = False
) -> Embedded:
    """Embed every example that has no vector of the embedder in use; every batch is kept at once.

    ``rebuild`` takes the vector index down meanwhile and builds it at the end: quicker where most of a large store
    waits, but semantic search is slow until then. Raises `EmbedderError`.
    """
    progress(0.0, "counting words")
    if corpus_now().is_stale:
        corpus_count()
    progress(0.05, "fitting")
    embedder = embedder_ready(refit=refit)
    if embedder is None:
        return Embedded(None, 0, 0)
    if rebuild:
        _execute(f"DROP INDEX IF EXISTS {INDEX}")
    waiting, done = pending_count(embedder.identity), 0
    for batch in pending_batches(embedder.identity):
        progress(0.1 + 0.85 * min(done / max(waiting, 1), 1.0), "embedding")
        done += vectors_write(embedder.identity, batch, embedder.documents([each.text for each in batch]))
    if rebuild:
        progress(0.95, "building the index")
        _execute(_CREATE)
    progress(0.97, "measuring the index")
    calibration = calibrate_if_due(embedder, rebuilt=rebuild)
    return Embedded(embedder.identity, done, pending_count(embedder.identity), calibration)


def _execute(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)
