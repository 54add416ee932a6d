"""How well a text answers a question, judged by the words that they share.

A first judge that needs no model and no corpus. Stop words carry no weight, long words more than short ones (a stand-in
for their rarity: by Zipf's law of abbreviation, G. K. Zipf 1935, frequent words are short).
"""

import math
import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_ENDINGS = ("ations", "ation", "ings", "ing", "edly", "ed", "ies", "es", "ly", "s", "e", "y")
_SHORTEST_STEM = 3

_STOP_WORDS = """
a about after again all also am an and any are as at be because been before being between both but by can could did do
does doing don't down during each explain few for from further give had has have having he her here hers him his how i
i'm if in into is isn't it it's its itself just know let me mean means might more most my no nor not now of off on once
one only or other our out over own please really s same say she should show simple simply so some such t tell than that
that's the their them then there these they thing things this those through to too under until up us use used using very
was we were what what's when where which while who whom whose why will with would you your
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


def words(text: str) -> list[str]:
    """Return the words of ``text`` without stop words, folded and cut to their stems."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    return [_stem(word) for word in _WORD.findall(folded) if word not in STOP_WORDS]


def weight(word: str) -> float:
    """Return what a word counts."""
    return math.log2(1 + len(word))


def coverage(question: Iterable[str], text: Iterable[str]) -> float:
    """Return the share of the question's weight that the text has, in 0..1."""
    wanted, there = set(question), set(text)
    whole = sum(map(weight, wanted))
    return sum(map(weight, wanted & there)) / whole if whole else 0.0


def _stem(word: str) -> str:
    stem = word.removesuffix("'s").replace("'", "")
    for ending in _ENDINGS:
        if stem.endswith(ending) and len(stem) - len(ending) >= _SHORTEST_STEM:
            return stem[: -len(ending)]
    return stem
