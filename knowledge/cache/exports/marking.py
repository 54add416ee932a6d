"""Snippets of texts that were found without the database."""

import html
import re
from collections.abc import Sequence

from knowledge.search.highlighting import CLOSE, OPEN
from knowledge.sources.relevance import words

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_BEFORE, _SHOWN = 60, 300


def snippet(text: str, wanted: Sequence[str]) -> str:
    """Return HTML: the part of ``text`` around the first of the ``wanted`` stems, escaped, such words in ``<mark>``."""
    text = text.strip()
    first = next((m.start() for m in _WORD.finditer(text) if _is_meant(m[0], wanted)), 0)
    start = 0 if len(text) <= _SHOWN else max(0, first - _BEFORE)
    part = text[start : start + _SHOWN]
    pieces, end = [], 0
    for match in _WORD.finditer(part):
        if _is_meant(match[0], wanted):
            marked = f"{OPEN}{html.escape(match[0], quote=False)}{CLOSE}"
            pieces += [html.escape(part[end : match.start()], quote=False), marked]
            end = match.end()
    return "".join([*pieces, html.escape(part[end:], quote=False)])


def _is_meant(word: str, wanted: Sequence[str]) -> bool:
    return any(stem in wanted for stem in words(word))
