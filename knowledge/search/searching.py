"""A search from question to page."""

from dataclasses import dataclass

from django.db import transaction

from knowledge.search.asked import DEEPEST, Asked, Mode
from knowledge.search.highlighting import Result, results
from knowledge.search.suggesting import suggestion
from knowledge.search.text import text_query, text_rank


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
    with transaction.atomic():
        query = text_query(asked)
        ranked = text_rank(query, asked.depth, archived=asked.archived)
        shown = ranked[asked.offset : asked.offset + asked.limit]
        page = results(shown, query.any_term)
    end = asked.offset + len(shown)
    better = None if ranked else suggestion(query.parsed.words)
    return Page(page, end if len(ranked) > end and end < DEEPEST else None, better, Mode.TEXT)
