"""Hybrid search: the best by words and the best by meaning in one ranking.

The score is the BM25 score as a share of the best one, plus the cosine. Scaling by the best needs no statistics of all
examples, so it means the same in a small store and in a large one; each example gets both scores, whichever search
found it. Measured against rank fusion and standardised scores in ``benchmarks/bench_search.py`` and docs/search.md.
"""

from collections.abc import Mapping

from knowledge.search.ranked import Ranked
from knowledge.search.semantic import SemanticQuery, semantic_rank, semantic_scores
from knowledge.search.text import TextQuery, text_rank, text_scores

POOL = 100
"""The best of each search that compete, or more where more are asked for."""
MEANING = 1.0
"""What a cosine of 1 counts, against 1 for the best BM25 score."""


def hybrid_rank(text: TextQuery, meaning: SemanticQuery, depth: int, *, archived: bool) -> list[Ranked]:
    """Return the best ``depth`` examples by both scores together."""
    pool = max(POOL, depth)
    by_text = text_rank(text, pool, archived=archived)
    by_meaning = semantic_rank(meaning, text.must, pool, archived=archived)
    in_archive = {each.id: each.archived for each in (*by_text, *by_meaning)}
    words = {each.id: each.score for each in by_text}
    cosines = {each.id: each.score for each in by_meaning}
    words |= text_scores(text, sorted(cosines.keys() - words.keys()), archived=archived)
    cosines |= semantic_scores(meaning, sorted(words.keys() - cosines.keys()), archived=archived)
    scores = together(words, cosines)
    found = [Ranked(id_, there, scores[id_]) for id_, there in in_archive.items()]
    return sorted(found, key=lambda each: (-each.score, -each.id))[:depth]


def together(words: Mapping[int, float], cosines: Mapping[int, float]) -> dict[int, float]:
    """Return the joint score of every example that has either."""
    best = max(words.values(), default=0.0) or 1.0
    return {id_: words.get(id_, 0.0) / best + MEANING * cosines.get(id_, 0.0) for id_ in words.keys() | cosines.keys()}
