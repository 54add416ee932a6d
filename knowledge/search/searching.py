"""A search from question to page."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.search.asked import DEEPEST, Asked, Mode
from knowledge.search.filtering import few_pass
from knowledge.search.highlighting import Result, results
from knowledge.search.hybrid import hybrid_rank
from knowledge.search.ranked import Ranked
from knowledge.search.semantic import semantic_query, semantic_rank
from knowledge.search.sql import Piece
from knowledge.search.suggesting import suggestion
from knowledge.search.syntax import parse
from knowledge.search.text import requirements, text_query, text_rank


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
    parsed = parse(asked.query)
    mode, ranked = _rank(asked, parsed.words, requirements(parsed, asked.filters))
    shown = ranked[asked.offset : asked.offset + asked.limit]
    end = asked.offset + len(shown)
    better = None if ranked else suggestion(parsed.words)
    return Page(results(shown, parsed.words), end if len(ranked) > end and end < DEEPEST else None, better, mode)


def _rank(asked: Asked, words: str, must: Sequence[Piece]) -> tuple[Mode, list[Ranked]]:
    meaning = None if asked.mode is Mode.TEXT else semantic_query(words)
    if meaning is None:
        return Mode.TEXT, text_rank(text_query(words, must), asked.depth, archived=asked.archived)
    few = few_pass(asked.filters)
    if asked.mode is Mode.SEMANTIC:
        return Mode.SEMANTIC, semantic_rank(meaning, must, asked.depth, archived=asked.archived, few=few)
    return Mode.HYBRID, hybrid_rank(text_query(words, must), meaning, asked.depth, archived=asked.archived, few=few)
