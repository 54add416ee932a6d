"""Semantic search: the nearest vectors by cosine, through pgvector's HNSW graph.

Malkov & Yashunin 2018, "Efficient and robust approximate nearest neighbor search using Hierarchical Navigable Small
World graphs". With a filter, pgvector goes on walking the graph until enough neighbours have passed it
(``hnsw.iterative_scan``), so that a filter never starves a result; in relaxed order, since we sort, and what it finds
late may be near all the same. Being ready to go on costs a sixth of a walk, for what was passed over must be kept; so
without a filter we are not, unless a walk comes back with too little: past rows that are gone, or another embedder's.
Where even going on finds too little, few pass, and all of them are compared.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.embedders.choosing import embedder_now
from knowledge.embedders.contract import EmbedderError, literal
from knowledge.search.ranked import Ranked
from knowledge.search.sql import Piece, joined, rows
from knowledge.search.tables import TABLES

BREADTH = 320
"""Candidates that a walk through the graph keeps (ef_search) while none is calibrated; recall and time grow with it."""
MOST_SCANNED = 40_000
"""Neighbours that a walk looks at, at most, for a filter that few of them pass."""
_MEMORY = "4"
"""Times ``work_mem`` (4 MB where nobody set it) that a walk may keep what it passed over in: 16 MB hold that many."""
_WIDEST = 1_000
_GO_ON, _STOP = "relaxed_order", "off"

_SET = """
SELECT set_config('hnsw.iterative_scan', %s, true), set_config('hnsw.ef_search', %s, true),
       set_config('hnsw.max_scan_tuples', %s, true), set_config('hnsw.scan_mem_multiplier', %s, true);
"""
_STATE = """
SELECT EXISTS (SELECT FROM examples WHERE embedder = %s), (SELECT breadth FROM vector_breadths WHERE embedder = %s)
"""


@dataclass(frozen=True, slots=True)
class SemanticQuery:
    """A query as a vector, the embedder whose vectors it can be compared with, and how broadly to walk among them."""

    vector: str
    embedder: str
    breadth: int = BREADTH


def semantic_query(text: str) -> SemanticQuery | None:
    """Return the vector of ``text``; None while there is nothing to compare it with, or it has no direction."""
    try:
        embedder = embedder_now()
        if embedder is None:
            return None
        ((embedded, breadth),) = rows(Piece(_STATE, (embedder.identity, embedder.identity)))
        if not embedded:
            return None
        vector = literal(embedder.query(text)[0])
    except EmbedderError:
        return None
    return None if vector is None else SemanticQuery(vector, embedder.identity, breadth or BREADTH)


def semantic_rank(
    query: SemanticQuery, must: Sequence[Piece], depth: int, *, archived: bool, few: bool, breadth: int | None = None
) -> list[Ranked]:
    """Return the ``depth`` nearest examples, nearest first; the score is the cosine.

    Where ``few`` meet what they must, or a walk finds too few, each of those is looked at: exact, and for few quicker.
    ``breadth`` is for who can do with less than the query's own.
    """
    where = joined([Piece("e.embedder = %s AND e.embedding IS NOT NULL", (query.embedder,)), *must], " AND ")
    tables = TABLES[: 1 + archived]
    found: list[Ranked] = []
    if not few:
        walk = joined([_nearest(table, query, where, depth) for table in tables], " UNION ALL ")
        broad = _breadth(query, must, depth, breadth)
        for going_on in (_GO_ON,) if must or archived else (_STOP, _GO_ON):
            if len(found) < depth:
                found = _walked(walk, going_on, broad)
    if len(found) < depth:
        found = _ranked(joined([_nearest_of_few(table, query, where, depth) for table in tables], " UNION ALL "))
    return sorted(found, key=lambda each: (-each.score, -each.id))[:depth]


def _walked(statement: Piece, going_on: str, breadth: int) -> list[Ranked]:
    """Walk with these settings, which end with the transaction: outside of one, what is sent together is one."""
    return _ranked(Piece(_SET, (going_on, str(breadth), str(MOST_SCANNED), _MEMORY)) + statement)


def semantic_moved(
    query: SemanticQuery, examples: Sequence[int], ids: Sequence[int], *, archived: bool
) -> dict[int, float]:
    """Return the cosines of ``ids`` with the query plus four times the mean of ``examples``."""
    if not ids:
        return {}
    tables = TABLES[: 1 + archived]
    known = Piece("WHERE id = ANY(%s) AND embedder = %s", (list(examples), query.embedder))
    vectors = joined([Piece(f"SELECT embedding FROM {table}") + known for table in tables], " UNION ALL ")  # noqa: S608
    towards = Piece("(SELECT coalesce(%s::halfvec + mean + mean + mean + mean, %s::halfvec)", (query.vector,) * 2)
    moved = towards + Piece("FROM (SELECT avg(embedding) AS mean FROM (") + vectors + Piece(") AS followed) AS m)")
    where = Piece("e.id = ANY(%s) AND e.embedder = %s AND e.embedding IS NOT NULL)", (list(ids), query.embedder))
    return {each.id: each.score for each in _ranked(joined([_select(t, moved) + where for t in tables], " UNION ALL "))}


def _breadth(query: SemanticQuery, must: Sequence[Piece], depth: int, told: int | None) -> int:
    """Return how broadly to walk: what a filter leaves of a narrow walk would be too little to choose from."""
    own = max(query.breadth, BREADTH) if must else query.breadth
    wished = told if told and must else min(told or own, own)
    return min(max(wished, 2 * depth), _WIDEST)


def _nearest(table: str, query: SemanticQuery, where: Piece, depth: int) -> Piece:
    order = Piece("ORDER BY e.embedding <=> %s::halfvec LIMIT %s)", (query.vector, depth))
    return _select(table, _vector(query)) + where + order


def _nearest_of_few(table: str, query: SemanticQuery, where: Piece, depth: int) -> Piece:
    """Return the same behind a barrier: the planner cannot tell how far a filter drives a walk, and prefers it."""
    archived = str(table == TABLES[1]).lower()
    distances = Piece("SELECT e.id, e.embedding <=> %s::halfvec AS distance", (query.vector,))
    among = distances + Piece(f"FROM {table} e WHERE") + where + Piece("OFFSET 0")
    best = Piece(f"(SELECT f.id, {archived} AS archived, 1 - f.distance FROM (")  # noqa: S608
    return best + among + Piece(") f ORDER BY f.distance LIMIT %s)", (depth,))


def _vector(query: SemanticQuery) -> Piece:
    return Piece("%s::halfvec", (query.vector,))


def _select(table: str, vector: Piece) -> Piece:
    archived = str(table == TABLES[1]).lower()
    columns = f"(SELECT e.id, {archived} AS archived, 1 - (e.embedding <=> {vector.sql}) FROM {table} e WHERE"  # noqa: S608
    return Piece(columns, vector.parameters)


def _ranked(statement: Piece) -> list[Ranked]:
    return [Ranked(*row) for row in rows(statement) if not math.isnan(row[2])]
