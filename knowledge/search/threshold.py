"""Which combinations of a question's words make an example worth scoring.

An example without any rare word of the question can hardly be among the best, and a common word has too many examples
to score. So candidates are those examples whose words of the question weigh at least a threshold together (weight is
the inverse document frequency): the idea of the essential lists of WAND (Broder et al. 2003) and MaxScore (Turtle &
Flood 1995), in one boolean expression that a GIN index works off from the rarest word on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

MOST_TERMS = 10
"""The rarest words of a question that choose candidates; all of its words score."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """A word: its weight, and the share of the examples that hold it."""

    lexeme: str
    weight: float
    share: float


def choices(terms: Sequence[Weighted], examples: int, budget: int) -> Iterator[list[tuple[str, ...]]]:
    """Yield sets of combinations of words, each letting more examples through than the last; the last takes any word.

    The first is the widest that is expected to let no more than ``budget`` of ``examples`` through, were the words to
    occur independently of each other; each next one has eight times that budget.
    """
    used = sorted(terms, key=lambda term: (-term.weight, term.lexeme))[:MOST_TERMS]
    ladder = _ladder(used)
    position = 0
    while position < len(ladder) - 1:
        position = _widest(ladder, budget / max(examples, 1), position)
        yield _minimal(used, ladder[position][0])
        budget *= 8
        position += 1
    if position == len(ladder) - 1:
        yield _minimal(used, ladder[-1][0])


def _ladder(terms: Sequence[Weighted]) -> list[tuple[float, float]]:
    """Return (threshold, expected share of examples at or above it), from the highest threshold down."""
    sums: list[tuple[float, float]] = [(0.0, 1.0)]
    for term in terms:
        sums = [
            each
            for total, chance in sums
            for each in ((total, chance * (1 - term.share)), (total + term.weight, chance * term.share))
        ]
    ladder: list[tuple[float, float]] = []
    passed = 0.0
    for total, chance in sorted(sums[1:] if len(sums) > 1 else [], reverse=True):
        passed += chance
        if total > 0:
            ladder.append((total, passed))
    return ladder


def _widest(ladder: Sequence[tuple[float, float]], share: float, start: int) -> int:
    position = start
    while position + 1 < len(ladder) and ladder[position + 1][1] <= share:
        position += 1
    return position


def _minimal(terms: Sequence[Weighted], threshold: float) -> list[tuple[str, ...]]:
    """Return the smallest combinations whose weights reach ``threshold``: without any one word they would not."""
    found = []
    for size in range(1, len(terms) + 1):
        for chosen in combinations(terms, size):
            total = sum(term.weight for term in chosen)
            if _reaches(total, threshold) and not _reaches(total - min(t.weight for t in chosen), threshold):
                found.append(tuple(term.lexeme for term in chosen))
    return found


def _reaches(total: float, threshold: float) -> bool:
    return total >= threshold - 1e-9
