"""Snippets: the parts of a text that hold most of what was asked for, as HTML with those words marked."""

import html
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

OPEN, CLOSE = "<mark>", "</mark>"
BETWEEN = " … "
_SHOWN_WHOLE = 300
"""Characters of a text that is shown whole."""
_PART, _PARTS = 220, 2
"""Characters of a part of a longer one, and how many parts are shown at most."""
_BLANK = re.compile(r"\s")


@dataclass(frozen=True, slots=True)
class Met:
    """A word of the text from ``start`` to ``end``, and which of the words asked for it is."""

    start: int
    end: int
    word: str


def snippet(text: str, met: Sequence[Met]) -> str:
    """Return HTML: ``text``, or the parts of it that hold the most of the words ``met``, which are in its order.

    What is left out is told by an ellipsis.
    """
    shown = _shown(text, met)
    parts = BETWEEN.join(_marked(text, met, start, end) for start, end in shown)
    return "… " * (shown[0][0] > 0) + parts + " …" * (shown[-1][1] < len(text))


def _shown(text: str, met: Sequence[Met]) -> list[tuple[int, int]]:
    if len(text) <= _SHOWN_WHOLE:
        return [(0, len(text))]
    parts: list[tuple[int, int]] = []
    left, said = list(met), set[str]()
    while left and len(parts) < _PARTS:
        best = _densest(left, said)
        start, end = _widened(text, best[0].start, best[-1].end)
        parts.append((start, end))
        said |= {each.word for each in best}
        left = [each for each in left if each.end <= start - _PART or each.start >= end + _PART]
    return sorted(parts) or [_widened(text, 0, 0)]


def _densest(met: Sequence[Met], said: set[str]) -> Sequence[Met]:
    """Return those neighbours within a part that are the most words not ``said`` yet, then the most words."""
    counts: Counter[str] = Counter()
    first, best, most = 0, (0, 0), (-1, 0, 0)
    words = fresh = 0
    for last, each in enumerate(met):
        counts[each.word] += 1
        if counts[each.word] == 1:
            words, fresh = words + 1, fresh + (each.word not in said)
        while first < last and each.end - met[first].start > _PART:
            gone = met[first].word
            counts[gone] -= 1
            if not counts[gone]:
                words, fresh = words - 1, fresh - (gone not in said)
            first += 1
        if (fresh, words, last - first) > most:
            best, most = (first, last + 1), (fresh, words, last - first)
    return met[slice(*best)]


def _widened(text: str, start: int, end: int) -> tuple[int, int]:
    """Return a part of the usual size with this in its middle; no word of it is cut, unless it is without end."""
    spare = max(_PART - (end - start), 0)
    first = max(min(start - spare // 2, len(text) - _PART), 0)
    last = min(max(first + _PART, end), len(text))
    if first and (blank := _BLANK.search(text, first - 1, start)):
        first = blank.end()
    if last < len(text):
        last = max((each.start() for each in _BLANK.finditer(text, max(end, first), last + 1)), default=last)
    return first, last


def _marked(text: str, met: Sequence[Met], start: int, end: int) -> str:
    return "".join(_pieces(text, [each for each in met if start <= each.start and each.end <= end], start, end))


def _pieces(text: str, met: Sequence[Met], start: int, end: int) -> Iterator[str]:
    for each in met:
        yield html.escape(text[start : each.start], quote=False)
        yield f"{OPEN}{html.escape(text[each.start : each.end], quote=False)}{CLOSE}"
        start = each.end
    yield html.escape(text[start:end], quote=False)
