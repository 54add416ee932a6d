"""The rows of a ranking, with snippets in which the words of the query are marked.

The index alone knows which words are forms of one. Reading a whole text as it does takes longer than finding it
(``ts_headline``), so it is asked only of words that begin like one of the query's.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from knowledge.search.ranked import Ranked
from knowledge.search.snippets import Met, snippet
from knowledge.search.sql import Piece, joined, rows
from knowledge.search.tables import TABLES

_LOOKED_AT = 5_000  # characters
_LETTER = r"[^\W_]"
_WORD = re.compile(rf"{_LETTER}(?:{_LETTER}|(?<=\d)\.(?=\d))*")  # as `search_blanked` leaves them

_COLUMNS = "e.id, %s, d.domain_name, e.content, e.response, e.metadata, e.created_at"
_MEANT = """
SELECT word, t.lexeme FROM unnest(%s::text[]) word, unnest(to_tsvector('english', search_blanked(word))) t
WHERE t.lexeme = ANY(tsvector_to_array(to_tsvector('english', search_blanked(%s))))
"""


@dataclass(frozen=True, slots=True)
class Result:
    """A found example; ``snippet`` is HTML: text escaped, words of the query inside ``<mark>``."""

    id: int
    archived: bool
    domain: str
    content: str
    response: str
    metadata: dict[str, Any]
    created_at: datetime
    snippet: str
    score: float


def results(ranked: Sequence[Ranked], words: str) -> list[Result]:
    """Return the examples of ``ranked`` in that order, with the ``words`` of the query marked."""
    found = {(row[0], row[1]): row for row in rows(_select(ranked))} if ranked else {}
    there = [(found[key], each.score) for each in ranked if (key := (each.id, each.archived)) in found]
    texts = [_text(row[3], row[4]) for row, _ in there]
    snippets = marked(texts, words)
    return [_result(row, score, text) for (row, score), text in zip(there, snippets, strict=True)]


def marked(texts: Sequence[str], words: str) -> list[str]:
    """Return a snippet of each text, with these words marked as the index knows them again."""
    alike = _alike(words)
    places = [list(alike.finditer(text)) if alike else [] for text in texts]
    meant = _meant({match[0] for each in places for match in each}, words)
    return [
        snippet(text, [Met(*match.span(), meant[match[0]]) for match in each if match[0] in meant])
        for text, each in zip(texts, places, strict=True)
    ]


def _alike(words: str) -> re.Pattern[str] | None:
    """Return a pattern of words that may be forms of one of these.

    Porter's stemmer (Snowball's English one) keeps the first two letters, but for making die of dying.
    """
    beginnings = {word[:2].lower().replace("y", "i") for word in _WORD.findall(words)}
    if not beginnings:
        return None
    either = "|".join(re.escape(each).replace("i", "[iy]") for each in sorted(beginnings))
    return re.compile(rf"(?<!{_LETTER})(?:{either})(?:{_LETTER}|(?<=\d)\.(?=\d))*", re.IGNORECASE)


def _meant(forms: set[str], words: str) -> Mapping[str, str]:
    """Return those of the forms that are words asked for, each with the lexeme that it is a form of."""
    return dict(rows(Piece(_MEANT, (sorted(forms), words)))) if forms else {}


def _select(ranked: Sequence[Ranked]) -> Piece:
    ids = {archived: [each.id for each in ranked if each.archived is archived] for archived in (False, True)}
    return joined(
        [
            Piece(f"SELECT {_COLUMNS % str(archived).lower()} FROM {TABLES[archived]} e")  # noqa: S608
            + Piece("JOIN datasets d ON d.id = e.dataset_id WHERE e.id = ANY(%s)", (chosen,))
            for archived, chosen in ids.items()
            if chosen
        ],
        " UNION ALL ",
    )


def _text(content: str, response: str) -> str:
    return f"{content}\n{response}"[:_LOOKED_AT] if response else content[:_LOOKED_AT]


def _result(row: tuple[Any, ...], score: float, shown: str) -> Result:
    id_, archived, domain, content, response, metadata, created_at = row
    return Result(id_, archived, domain, content, response, _loaded(metadata), created_at, shown, score)


def _loaded(metadata: Any) -> dict[str, Any]:
    value = orjson.loads(metadata) if isinstance(metadata, str | bytes) else metadata
    return value if isinstance(value, dict) else {}
