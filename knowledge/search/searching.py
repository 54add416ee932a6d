"""A search from question to page."""

from dataclasses import dataclass

from django.db import transaction

from knowledge.search.asked import DEEPEST, Asked, Mode
from knowledge.search.filtering import few_pass
from knowledge.search.highlighting import Result, results
from knowledge.search.hybrid import hybrid_rank
from knowledge.search.ranked import Ranked
from knowledge.search.semantic import SemanticQuery, semantic_query, semantic_rank
from knowledge.search.suggesting import suggestion
from knowledge.search.text import TextQuery, text_query, text_rank


@dataclass(frozen=True, slots=True)
class Page:
    """Results, best first; where the next page begins, or None; a better spelling where nothing was found.

    ``mode`` is how the search was done: by words where it was wished otherwise but no vectors are there yet.
    """

    results: list[Result]
    next_offset: int | None
    suggestion: str | None
    mode: Mode


def search(asked: Asked) -> Page:
    """Return the page asked for. Raises `NotFoundError` for an unknown domain."""
    query = text_query(asked)
    meaning = None if asked.mode is Mode.TEXT else semantic_query(query.parsed.words)
    with transaction.atomic():
        mode, ranked = _rank(asked, query, meaning)
        shown = ranked[asked.offset : asked.offset + asked.limit]
        found = results(shown, query.any_term)
    end = asked.offset + len(shown)
    better = None if ranked else suggestion(query.parsed.words)
    return Page(found, end if len(ranked) > end and end < DEEPEST else None, better, mode)


def _rank(asked: Asked, query: TextQuery, meaning: SemanticQuery | None) -> tuple[Mode, list[Ranked]]:
    if meaning is None:
        return Mode.TEXT, text_rank(query, asked.depth, archived=asked.archived)
    few = few_pass(asked.filters)
    if asked.mode is Mode.SEMANTIC:
        return Mode.SEMANTIC, semantic_rank(meaning, query.must, asked.depth, archived=asked.archived, few=few)
    return Mode.HYBRID, hybrid_rank(query, meaning, asked.depth, archived=asked.archived, few=few)
