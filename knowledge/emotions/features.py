"""What the classifier looks at in a text: words, pairs, negated words, cue families, form, and pieces of words."""

import itertools
from collections.abc import Iterator
from math import log2

from knowledge.emotions.cues import families

START, END = "<s>", "</s>"
NEGATED = "!"
CUE = "@"
NEGATION_REACH = 4
SHORTEST_PIECE, LONGEST_PIECE = 2, 5

_NEGATIONS = frozenset(["not", "no", "never", "dont", "cant", "cannot", "without", "nothing", "hardly"])


def word_features(text: str, words: list[str]) -> list[str]:
    """Return the features that whole words of ``text`` give; ``words`` are its tokens."""
    around = [START, *words, END]
    reached = list(_reach(words))
    pairs = [f"{first} {second}" for first, second in itertools.pairwise(around)]
    return [*words, *pairs, *_negated(reached), *_cues(reached), *_form(text, words)]


def pieces(token: str) -> list[str]:
    """Return the runs of two to five characters of ``token``, with a blank at both ends."""
    padded = f" {token} "
    lengths = range(SHORTEST_PIECE, LONGEST_PIECE + 1)
    return [padded[i : i + n] for n in lengths for i in range(len(padded) - n + 1)]


def _is_negation(word: str) -> bool:
    return word in _NEGATIONS or word.endswith("n't")


def _reach(words: list[str]) -> Iterator[tuple[str, bool]]:
    """Yield each word and whether a negation reaches it: a few words far, and not past a sign."""
    left = 0
    for word in words:
        negated = left > 0
        if _is_negation(word):
            left = NEGATION_REACH
        elif not word[0].isalnum():
            left, negated = 0, False
        else:
            left -= negated
        yield word, negated


def _negated(reached: list[tuple[str, bool]]) -> list[str]:
    return [NEGATED + word for word, negated in reached if negated]


def _cues(reached: list[tuple[str, bool]]) -> set[str]:
    return {f"{NEGATED if negated else ''}{CUE}{family}" for word, negated in reached for family in families(word)}


def _form(text: str, words: list[str]) -> list[str]:
    """Return features of the length of a text and of its capitals and closing signs."""
    shouted = sum(word.isupper() and word.isalpha() and len(word) > 2 for word in text.split())
    form = [f"@length{min(8, int(2 * log2(len(words) + 1)))}"]
    form += ["@capitals"] * (shouted > 0) + ["@manycapitals"] * (shouted > 2)
    form += ["@exclaims"] * ("!" in text) + ["@manyexclaims"] * (text.count("!") > 1)
    return form + ["@asks"] * ("?" in text) + ["@endsasking"] * text.rstrip().endswith("?")
