"""How well examples open with the words of a query: a text says first what it is about, in its title or first sentence.

A word counts the more, the nearer to the beginning it stands, and the fewer of the examples compared open with it, so
that no list of stop words is needed. Words count as they are written, no stems: the scores by words have those.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence

from knowledge.search.sql import Piece, joined, rows
from knowledge.search.tables import TABLES

OPENING = 300
"""Characters that are looked at, of an example's content and, where that is shorter, of the response after it."""
HALF = 10
"""A word that stands after so many others counts half of what the first one does."""

_WORD = re.compile(r"[^\W_]+")


def openings(query: str, ids: Sequence[int], *, archived: bool) -> dict[int, float]:
    """Return how well each of these examples opens with words of ``query``, as a share of the best."""
    asked = frozenset(_words(query))
    places = {id_: _places(opening, asked) for id_, opening in _openings(ids, archived=archived)}
    weights = _weights(places)
    scores = {
        id_: sum(weights[word] * HALF / (HALF + before) for word, before in found.items())
        for id_, found in places.items()
    }
    best = max(scores.values(), default=0.0) or 1.0
    return {id_: score / best for id_, score in scores.items()}


def _openings(ids: Sequence[int], *, archived: bool) -> list[tuple[int, str]]:
    if not ids:
        return []
    opening = "left(concat_ws(' ', left(e.content, %s), left(e.response, %s)), %s)"
    sources = [
        Piece(f"SELECT e.id, {opening} FROM {table} e WHERE e.id = ANY(%s)", (OPENING, OPENING, OPENING, list(ids)))  # noqa: S608
        for table in TABLES[: 1 + archived]
    ]
    return [(id_, opening) for id_, opening in rows(joined(sources, " UNION ALL "))]


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _places(opening: str, asked: frozenset[str]) -> dict[str, int]:
    """Return how many words stand before each word that was asked for, where it stands first."""
    places: dict[str, int] = {}
    for place, word in enumerate(_words(opening)):
        if word in asked:
            places.setdefault(word, place)
    return places


def _weights(places: Mapping[int, Mapping[str, int]]) -> dict[str, float]:
    """Return the inverse document frequency of each word, among these openings."""
    held = Counter(word for found in places.values() for word in found)
    return {word: math.log1p((len(places) - n + 0.5) / (n + 0.5)) for word, n in held.items()}
