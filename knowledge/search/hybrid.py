"""Hybrid search: the best by words and the best by meaning in one ranking.

The score is the BM25 score as a share of the best one, plus the cosine. Scaling by the best needs no statistics of all
examples, so it means the same in a small store and in a large one; each example gets both scores, whichever search
found it. The cosines are then taken again, from a query that has moved to the two examples that did best: what Rocchio
1971 ("Relevance feedback in information retrieval") does with examples that someone judged, done with those that words
and meaning agree on. Measured against other ways in docs/search.md.
"""

from collections.abc import Mapping

from knowledge.search.ranked import Ranked
from knowledge.search.semantic import SemanticQuery, semantic_moved, semantic_rank, semantic_scores
from knowledge.search.text import TextQuery, text_rank, text_scores

WORDS_POOL, MEANING_POOL = 50, 25
"""The best of each search that compete, or more where more are asked for."""
BREADTH = 100
"""Candidates of the walk by meaning: a neighbour that it misses is found by its words, or was not among the best."""
FOLLOWED = 2
"""Examples that the query moves to."""
MEANING = 1.4
"""What a cosine of 1 with the moved query counts, against 1 for the best BM25 score; with the query as asked, 1."""


def hybrid_rank(text: TextQuery, meaning: SemanticQuery, depth: int, *, archived: bool, few: bool) -> list[Ranked]:
    """Return the best ``depth`` examples by both scores together; ``few`` as in `semantic_rank`."""
    by_text = text_rank(text, max(WORDS_POOL, depth), archived=archived)
    pool = max(MEANING_POOL, depth)
    by_meaning = semantic_rank(meaning, text.must, pool, archived=archived, few=few, breadth=BREADTH)
    in_archive = {each.id: each.archived for each in (*by_text, *by_meaning)}
    words = {each.id: each.score for each in by_text}
    cosines = {each.id: each.score for each in by_meaning}
    words |= text_scores(text, sorted(cosines.keys() - words.keys()), archived=archived)
    cosines |= semantic_scores(meaning, sorted(words.keys() - cosines.keys()), archived=archived)
    best = _best_first(together(words, cosines, 1.0))[:FOLLOWED]
    moved = semantic_moved(meaning, best, sorted(cosines), archived=archived)
    scores = together(words, moved, MEANING)
    return [Ranked(id_, in_archive[id_], scores[id_]) for id_ in _best_first(scores)[:depth]]


def together(words: Mapping[int, float], cosines: Mapping[int, float], meaning: float) -> dict[int, float]:
    """Return the joint score of every example that has either; a cosine of 1 counts ``meaning``."""
    best = max(words.values(), default=0.0) or 1.0
    return {id_: words.get(id_, 0.0) / best + meaning * cosines.get(id_, 0.0) for id_ in words.keys() | cosines.keys()}


def _best_first(scores: Mapping[int, float]) -> list[int]:
    return sorted(scores, key=lambda id_: (-scores[id_], -id_))
