"""The rows of a ranking, with snippets in which the words of the query are marked."""

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
_PARTS = f'{_TAGS}, MaxWords=35, MinWords=12, MaxFragments=2, FragmentDelimiter=" … "'
_LOOKED_AT = 5_000  # characters: marking a long text costs more than finding it
_SHOWN_WHOLE = 300
_SHOWN_PLAIN = 200

_COLUMNS = "e.id, %s, d.domain_name, e.content, e.response, e.metadata, e.created_at"
_HEADLINE = """ts_headline('english',
    left(translate(concat_ws(E'\\n', e.content, nullif(e.response, '')), %s, ''), %s), %s::tsquery,
    CASE WHEN length(e.content) + length(e.response) <= %s THEN %s ELSE %s END)"""


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
    headline = (
        Piece(_HEADLINE, (_OPEN + _CLOSE, _LOOKED_AT, highlighted, _SHOWN_WHOLE, _WHOLE, _PARTS))
        if highlighted
        else Piece("left(e.content, %s)", (_SHOWN_PLAIN,))
    )
    return joined(
        [
            Piece(f"SELECT {_COLUMNS % str(archived).lower()},")
            + headline
            + Piece(f"FROM {TABLES[archived]} e JOIN datasets d ON d.id = e.dataset_id WHERE e.id = ANY(%s)", (chosen,))
            for archived, chosen in ids.items()
            if chosen
        ],
        " UNION ALL ",
    )


def _result(row: tuple[Any, ...], score: float) -> Result:
    id_, archived, domain, content, response, metadata, created_at, headline = row
    known = _loaded(metadata)
    return Result(id_, archived, domain, content, response, known, created_at, _marked(headline), score)


def _loaded(metadata: Any) -> dict[str, Any]:
    value = orjson.loads(metadata) if isinstance(metadata, str | bytes) else metadata
    return value if isinstance(value, dict) else {}


def _marked(headline: str) -> str:
    return html.escape(headline, quote=False).replace(_OPEN, OPEN).replace(_CLOSE, CLOSE)
