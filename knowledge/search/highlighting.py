"""The rows of a ranking, with snippets in which the words of the query are marked.

The database marks words in the text as the index sees it, with punctuation blanked. That leaves every character in its
place, so the marks move over to the text itself.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from knowledge.search.ranked import Ranked
from knowledge.search.sql import Piece, joined, rows
from knowledge.search.tables import TABLES

OPEN, CLOSE = "<mark>", "</mark>"
_OPEN, _CLOSE = "\x02", "\x03"  # stand in for the tags until the text is escaped
_TAGS = f'StartSel="{_OPEN}", StopSel="{_CLOSE}"'
_WHOLE = f"{_TAGS}, HighlightAll=true"
_BETWEEN = " … "  # no blanked text holds it
_PARTS = f'{_TAGS}, MaxWords=35, MinWords=12, MaxFragments=2, FragmentDelimiter="{_BETWEEN}"'
_LOOKED_AT = 5_000  # characters: marking a long text costs more than finding it
_SHOWN_WHOLE = 300
_SHOWN_PLAIN = 200

_COLUMNS = "e.id, %s, d.domain_name, e.content, e.response, e.metadata, e.created_at"
_TEXT = "left(translate(concat_ws(E'\\n', e.content, nullif(e.response, '')), %s, ''), %s)"
_HEADLINE = """b.text, b.blanked, ts_headline('english', b.blanked, %s::tsquery,
    CASE WHEN length(e.content) + length(e.response) <= %s THEN %s ELSE %s END)"""
_PLAIN = "left(e.content, %s), NULL, NULL"


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


def results(ranked: Sequence[Ranked], highlighted: str) -> list[Result]:
    """Return the examples of ``ranked`` in that order; ``highlighted`` is a tsquery, or empty."""
    found = {(row[0], row[1]): row for row in rows(_select(ranked, highlighted))} if ranked else {}
    return [_result(found[key], each.score) for each in ranked if (key := (each.id, each.archived)) in found]


def _select(ranked: Sequence[Ranked], highlighted: str) -> Piece:
    ids = {archived: [each.id for each in ranked if each.archived is archived] for archived in (False, True)}
    headline, blanked = Piece(_PLAIN, (_SHOWN_PLAIN,)), Piece("")
    if highlighted:
        headline = Piece(_HEADLINE, (highlighted, _SHOWN_WHOLE, _WHOLE, _PARTS))
        text = Piece(f"CROSS JOIN LATERAL (SELECT {_TEXT} AS text OFFSET 0) t", (_OPEN + _CLOSE, _LOOKED_AT))
        blanked = text + Piece("CROSS JOIN LATERAL (SELECT t.text, search_blanked(t.text) AS blanked OFFSET 0) b")
    return joined(
        [
            Piece(f"SELECT {_COLUMNS % str(archived).lower()},")
            + headline
            + Piece(f"FROM {TABLES[archived]} e JOIN datasets d ON d.id = e.dataset_id")
            + blanked
            + Piece("WHERE e.id = ANY(%s)", (chosen,))
            for archived, chosen in ids.items()
            if chosen
        ],
        " UNION ALL ",
    )


def _result(row: tuple[Any, ...], score: float) -> Result:
    id_, archived, domain, content, response, metadata, created_at, text, blanked, headline = row
    snippet = _marked(text if headline is None else _moved(headline, blanked, text))
    return Result(id_, archived, domain, content, response, _loaded(metadata), created_at, snippet, score)


def _loaded(metadata: Any) -> dict[str, Any]:
    value = orjson.loads(metadata) if isinstance(metadata, str | bytes) else metadata
    return value if isinstance(value, dict) else {}


def _moved(headline: str, blanked: str, text: str) -> str:
    """Return the parts of ``text`` that ``headline`` shows of ``blanked``, marked alike."""
    shown, end = [], 0
    for part in headline.split(_BETWEEN):
        words = part.replace(_OPEN, "").replace(_CLOSE, "")
        start = blanked.index(words, end)
        end = start + len(words)
        own = iter(text[start:end])
        shown.append("".join(each if each in _OPEN + _CLOSE else next(own) for each in part))
    return _BETWEEN.join(shown)


def _marked(headline: str) -> str:
    return html.escape(headline, quote=False).replace(_OPEN, OPEN).replace(_CLOSE, CLOSE)
