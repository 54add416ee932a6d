"""Hybrid search: the best by words and the best by meaning in one ranking.

The score is that by words as a share of the best one, plus how well the example opens with the words (see `openings`),
plus the cosine. Scaling by the best needs no statistics of all examples, so it means the same in a small store and in a
large one. The cosine is not that of the query as asked, but of one that has moved to the two examples that did best by
words and opening: what Rocchio 1971 ("Relevance feedback in information retrieval") does with examples that someone
judged. Measured against other ways in docs/search.md.
"""

from collections.abc import Mapping

from knowledge.search.openings import openings
from knowledge.search.ranked import Ranked
from knowledge.search.semantic import SemanticQuery, semantic_moved, semantic_rank
from knowledge.search.text import TextQuery, text_rank, text_scores

WORDS_POOL, MEANING_POOL = 50, 25
"""The best of each search that compete, or more where more are asked for."""
BREADTH = 100
"""Candidates of the walk by meaning: a neighbour that it misses is found by its words, or was not among the best."""
FOLLOWED = 2
"""Examples that the query moves to."""
MEANING, OPENING = 0.8, 0.4
"""What a cosine of 1 with the moved query counts, and the best opening, against 1 for the best by words."""


def hybrid_rank(text: TextQuery, meaning: SemanticQuery, depth: int, *, archived: bool, few: bool) -> list[Ranked]:
    """Return the best ``depth`` examples by all scores together; ``few`` as in `semantic_rank`."""
    by_text = text_rank(text, max(WORDS_POOL, depth), archived=archived)
    pool = max(MEANING_POOL, depth)
    by_meaning = semantic_rank(meaning, text.must, pool, archived=archived, few=few, breadth=BREADTH)
    in_archive = {each.id: each.archived for each in (*by_text, *by_meaning)}
    words = {each.id: each.score for each in by_text}
    cosines = {each.id: each.score for each in by_meaning}
    words |= text_scores(text, sorted(cosines.keys() - words.keys()), archived=archived)
    opened = openings(text.words, [each.id for each in by_text[:WORDS_POOL]], archived=archived)
    said = together(words, opened)
    followed = sorted(in_archive, key=lambda id_: (-said.get(id_, 0.0), -cosines.get(id_, 0.0), -id_))[:FOLLOWED]
    moved = semantic_moved(meaning, followed, sorted(in_archive), archived=archived)
    scores = {id_: said.get(id_, 0.0) + MEANING * moved.get(id_, 0.0) for id_ in in_archive}
    best = sorted(scores, key=lambda id_: (-scores[id_], -id_))[:depth]
    return [Ranked(id_, in_archive[id_], scores[id_]) for id_ in best]


def together(words: Mapping[int, float], opened: Mapping[int, float]) -> dict[int, float]:
    """Return what each example that holds a word of the query scores by its words, those that it opens with twice."""
    best = max(words.values(), default=0.0) or 1.0
    return {id_: score / best + OPENING * opened.get(id_, 0.0) for id_, score in words.items()}
