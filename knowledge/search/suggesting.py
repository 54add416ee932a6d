"""Better spellings of words that no example holds: the nearest known word by trigrams, then by edits.

Trigrams as in Ukkonen 1992, "Approximate string-matching with q-grams and maximal matches"; edits are those of optimal
string alignment (Damerau 1964): a letter more, less, or another, or two neighbours exchanged.
"""

import re

from knowledge.search.sql import Piece, rows

_WORD = re.compile(r"[^\W\d_]{3,30}")
_NEAR = """
SELECT word, examples FROM search_words, (SELECT %s::text[] AS asked) a
WHERE trigrams && asked AND abs(length(word) - %s) <= 2
ORDER BY cardinality(ARRAY(SELECT unnest(trigrams) INTERSECT SELECT unnest(asked))) DESC, examples DESC LIMIT 50
"""
_KNOWN = """
SELECT EXISTS (SELECT FROM search_words WHERE word = %s)
    OR EXISTS (SELECT FROM unnest(to_tsvector('english', %s)) t JOIN search_terms s USING (lexeme))
    OR to_tsvector('english', %s) = ''
"""


def suggestion(words: str) -> str | None:
    """Return ``words`` with each unknown word by its nearest known one, or None where that changes nothing."""
    better = _WORD.sub(lambda found: _nearest(found[0]) or found[0], words)
    return None if better == words else better


def _nearest(word: str) -> str | None:
    asked = word.casefold()
    ((known,),) = rows(Piece(_KNOWN, (asked, asked, asked)))
    if known:
        return None
    near = rows(Piece(_NEAR, (sorted(trigrams(asked)), len(asked))))
    most = 1 if len(asked) < 6 else 2
    close = [(edits(asked, found), -examples, found) for found, examples in near]
    best = min(close, default=None)
    return best[2] if best is not None and best[0] <= most else None


def trigrams(word: str) -> set[str]:
    """Return the trigrams of ``word`` with two blanks before it and one after."""
    padded = f"  {word} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def edits(one: str, other: str) -> int:
    """Return the optimal string alignment distance of two words."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
