"""Text search: the full-text index chooses candidates, BM25 ranks them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.search import bm25
from knowledge.search.asked import Filters
from knowledge.search.bm25 import Scored
from knowledge.search.filtering import conditions
from knowledge.search.ranked import Ranked
from knowledge.search.sql import Piece, joined, rows
from knowledge.search.statistics import Corpus, corpus_now
from knowledge.search.syntax import Parsed
from knowledge.search.tables import TABLES
from knowledge.search.terms import terms_of
from knowledge.search.threshold import Weighted, choices

BUDGET = 2_000
"""Candidates that the first choice of words is expected to let through."""
MOST_CANDIDATES = 3_000
"""Candidates that are scored at most; beyond, they are those that the index gives first."""


@dataclass(frozen=True, slots=True)
class TextQuery:
    """A query read against the store: its words, as they are written and counted, and what an example must meet."""

    words: str
    terms: Sequence[Scored]
    corpus: Corpus
    must: Sequence[Piece]

    @property
    def any_term(self) -> str:
        """Return the tsquery that any of the words meets."""
        return bm25.any_of(term.lexeme for term in self.terms)


def requirements(parsed: Parsed, filters: Filters) -> list[Piece]:
    """Return the conditions that an example must meet. Raises `NotFoundError` for an unknown domain."""
    return [*conditions(filters), *_phrases(parsed)]


def text_query(words: str, must: Sequence[Piece] = ()) -> TextQuery:
    """Read the ``words`` that rank against the store."""
    corpus = corpus_now()
    return TextQuery(words, terms_of(words, corpus), corpus, must)


def text_rank(query: TextQuery, depth: int, *, archived: bool) -> list[Ranked]:
    """Return the best ``depth`` examples, best first."""
    found: dict[tuple[int, bool], Ranked] = {}
    for chosen in _choices(query, depth) if query.terms else ():
        found |= {(each.id, each.archived): each for each in _rank(query, chosen, depth, archived=archived)}
        if len(found) >= depth:
            break
    return sorted(found.values(), key=lambda each: (-each.score, -each.id))[:depth]


def text_scores(query: TextQuery, ids: Sequence[int], *, archived: bool) -> dict[int, float]:
    """Return the BM25 scores of those of these examples that hold a word of the query."""
    if not query.terms or not ids:
        return {}
    among = Piece("e.id = ANY(%s)", (list(ids),))
    ranked = _scored(query, Piece("e.search_vector @@ %s::tsquery", (query.any_term,)), [among], len(ids), archived)
    return {each.id: each.score for each in ranked}


def _choices(query: TextQuery, depth: int) -> Iterator[str]:
    """Yield tsqueries, each letting more candidates through than the last."""
    store = query.corpus.examples
    if store <= MOST_CANDIDATES:
        yield query.any_term
        return
    terms = [Weighted(t.lexeme, t.weight(store), min(t.examples / store, 1.0)) for t in query.terms]
    for combinations in choices(terms, store, max(BUDGET, depth)):
        yield " | ".join(" & ".join(map(bm25.quoted, words)) for words in combinations)


def _rank(query: TextQuery, chosen: str, depth: int, *, archived: bool) -> list[Ranked]:
    return _scored(query, Piece("e.search_vector @@ %s::tsquery", (chosen,)), query.must, depth, archived)


def _scored(query: TextQuery, chosen: Piece, must: Sequence[Piece], depth: int, archived: bool) -> list[Ranked]:
    where = joined([chosen, *must], " AND ")
    sources = [_candidates(table, where) for table in TABLES[: 1 + archived]]
    score = bm25.score(query.terms, query.corpus.examples)
    norm = bm25.norm(query.any_term, query.corpus.mean_length)
    statement = (
        Piece("WITH c AS MATERIALIZED (")
        + joined(sources, " UNION ALL ")
        + Piece(") SELECT c.id, c.archived, ")
        + score
        + Piece("AS score FROM c CROSS JOIN LATERAL (SELECT ")
        + norm
        + Piece("AS norm OFFSET 0) n ORDER BY score DESC, c.id DESC LIMIT %s", (depth,))
    )
    return [Ranked(*row) for row in rows(statement)]


def _candidates(table: str, where: Piece) -> Piece:
    archived = str(table == TABLES[1]).lower()
    select = f"(SELECT e.id, {archived} AS archived, e.search_vector AS v FROM {table} e WHERE"  # noqa: S608
    return Piece(select) + where + Piece("LIMIT %s)", (MOST_CANDIDATES,))


def _phrases(parsed: Parsed) -> Iterator[Piece]:
    for group in parsed.required:
        yield _met(group)
    if parsed.excluded:
        yield Piece("NOT e.search_vector @@ (") + _any_phrase(parsed.excluded) + Piece(")")


def _met(phrases: Sequence[str]) -> Piece:
    """Return the condition that one of the phrases is met; phrases of stop words alone cannot be looked for."""
    any_phrase = _any_phrase(phrases)
    return Piece("(numnode(") + any_phrase + Piece(") = 0 OR e.search_vector @@ (") + any_phrase + Piece("))")


def _any_phrase(phrases: Sequence[str]) -> Piece:
    return joined([Piece("phraseto_tsquery('english', search_blanked(%s))", (text,)) for text in phrases], " || ")
