"""Measuring how broad a walk through the graph of vectors must be, here, for its nearest to be the nearest.

How much of the graph must be seen depends on how the vectors lie (their intrinsic dimension), by more than ten times
from one store to another. So we ask the store: questions taken from its own examples are answered exactly and by walks
of several breadths, and the least breadth is kept whose recall is high enough, with what the sample leaves in doubt
taken off.
"""

import random
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache

import numpy as np
from django.db import transaction
from django.db.models.functions import Now

from knowledge.embedders.contract import Embedder, literal
from knowledge.models import VectorBreadth
from knowledge.search.exact import Floats, nearest_cosines
from knowledge.search.semantic import SemanticQuery, semantic_rank
from knowledge.search.sql import Piece, rows

LADDER = (20, 30, 40, 60, 80, 100, 120, 140, 160, 200, 240, 280, 320, 360, 400)
"""Breadths to choose from (ef_search)."""
NEAREST = 10
RECALL = 0.974
"""What is asked of the recall's lower bound: 0.97 is promised, and pieces may foretell a little too much."""
QUESTIONS, FEWEST, SEED = 800, 20, 1
SMALLEST = 5_000
"""A store with fewer vectors is walked through in little time anyway."""
CHANGED = 0.25
"""A store that has changed by this share of its vectors is measured anew."""
_ONE_SIDED_95 = 1.645
_SAME = 1e-4
"""Cosines of vectors kept in half precision that differ by less are the same."""
_LONGEST_PIECE = 6

_STATE = """
SELECT (SELECT coalesce(sum(embedded_count), 0)::bigint FROM datasets), (SELECT last_value FROM example_revision)
"""
_SPAN = "SELECT min(id), max(id) FROM examples WHERE embedder = %s"
_DRAWN = """
SELECT e.content, e.response FROM unnest(%s::bigint[]) WITH ORDINALITY AS drawn (id, number), LATERAL (
    SELECT left(content, 2000) AS content, left(response, 2000) AS response FROM examples
    WHERE embedder = %s AND id >= drawn.id ORDER BY embedder, id LIMIT 1
) e ORDER BY drawn.number
"""


@dataclass(frozen=True, slots=True)
class Calibration:
    """A breadth, the recall@10 measured with it over ``questions``, and its lower bound (one-sided, 95%)."""

    breadth: int
    recall: float
    at_least: float
    questions: int


@dataclass(frozen=True, slots=True)
class _Store:
    vectors: int
    revision: int


def calibrate_if_due(embedder: Embedder, *, rebuilt: bool = False) -> Calibration | None:
    """Measure and keep the breadth for this embedder's vectors, where none holds for the store of now.

    ``rebuilt`` says that the graph is another one. Returns what was measured. Raises `EmbedderError`.
    """
    store = _Store(*rows(Piece(_STATE))[0])
    if store.vectors < SMALLEST:
        VectorBreadth.objects.all().delete()
        return None
    if not rebuilt and not _is_due(embedder.identity, store):
        return None
    found = calibrated(embedder)
    if found is not None:
        _keep(embedder.identity, store, found)
    return found


def calibrated(embedder: Embedder) -> Calibration | None:
    """Return the least breadth that serves, or the greatest of all; None where too few questions can be made."""
    asked = [embedder.query(text) for text in questions_drawn(embedder.identity, QUESTIONS)]
    vectors = [vector for (vector,) in asked if vector.any()]
    if len(vectors) < FEWEST:
        return None
    farthest = nearest_cosines(embedder.identity, np.stack(vectors), NEAREST).min(axis=1)
    queries = [SemanticQuery(literal(vector) or "", embedder.identity) for vector in vectors]
    measured = cache(lambda breadth: _measured(queries, farthest, breadth))
    least = bisect_left(LADDER, True, key=lambda breadth: measured(breadth).at_least >= RECALL)
    return measured(LADDER[min(least, len(LADDER) - 1)])


def questions_drawn(identity: str, count: int) -> list[str]:
    """Return different pieces (one to six words) of examples that have a vector, ``count`` at most.

    The same ones while the store stays as it is.
    """
    rng = random.Random(SEED)
    ((first, last),) = rows(Piece(_SPAN, (identity,)))
    if first is None:
        return []
    ids = [rng.randint(first, last) for _ in range(count)]
    drawn = rows(Piece(_DRAWN, (ids, identity)))
    pieces = (_piece(texts[number % 2].strip() or texts[0], rng) for number, texts in enumerate(drawn))
    return list(dict.fromkeys(pieces))


def _piece(text: str, rng: random.Random) -> str:
    words = text.split()
    start, length = rng.randrange(len(words)), rng.randint(1, _LONGEST_PIECE)
    return " ".join(words[start : start + length])


def _measured(queries: Sequence[SemanticQuery], farthest: Floats, breadth: int) -> Calibration:
    shares = np.array([_share(query, limit, breadth) for query, limit in zip(queries, farthest, strict=True)])
    recall, doubt = float(shares.mean()), float(shares.std(ddof=1) / len(shares) ** 0.5)
    return Calibration(breadth, recall, recall - _ONE_SIDED_95 * doubt, len(shares))


def _share(query: SemanticQuery, farthest: float, breadth: int) -> float:
    """Return how much of the nearest a walk finds: what is as near as the farthest of them is one of them."""
    with transaction.atomic():
        found = semantic_rank(replace(query, breadth=breadth), (), NEAREST, archived=False, few=False)
    return sum(each.score >= farthest - _SAME for each in found) / NEAREST


def _is_due(identity: str, store: _Store) -> bool:
    last = VectorBreadth.objects.filter(embedder=identity).first()
    return last is None or store.revision - last.revision > CHANGED * last.vectors


def _keep(identity: str, store: _Store, found: Calibration) -> None:
    told = asdict(found) | asdict(store) | {"calibrated_at": Now()}
    with transaction.atomic():
        VectorBreadth.objects.exclude(embedder=identity).delete()
        VectorBreadth.objects.update_or_create(embedder=identity, defaults=told)
