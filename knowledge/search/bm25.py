"""BM25 in SQL, exact to the last occurrence of a word, and more for words that stand together as in the query.

Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond"; the inverse document frequency is
Lucene's, ln(1 + (N - n + 1/2) / (n + 1/2)), which is never negative. The factor k1 + 1, the same for all examples,
is left out; a word that the query says twice counts once (k3 = 0).

Two neighbours in the query that stand in an example in the same order and distance count as one more word: the ordered
windows of Metzler & Croft 2005, "A Markov random field model for term dependencies". How often they do so is not known;
it is taken to be as often as the rarer of the two occurs. The figures behind these choices are in docs/search.md.

A tsvector tells how often it holds a word only through `unnest`, which is slow. `ts_rank` of one word with all weights
1 is a known function of that number, the partial sums of 1/i² over π²/6, and so can be read backwards; divided by the
length (normalisation 2) it gives the length. The functions ``search_term_frequency`` and ``search_length`` of the
database do so.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.search.sql import Piece, joined

K1, B = 2.0, 0.6
TOGETHER = 0.6
"""What a pair of neighbours counts, as a share of the mean of its words' weights."""
MOST_PAIRS = 10
"""The heaviest pairs of a long query are looked for."""
FARTHEST = 5
"""Words that have more stop words between them are no neighbours."""

_WORD = "%s * (1 - n.norm / (search_term_frequency(c.v, %s::tsquery) + n.norm))"
_PAIR = """CASE WHEN c.v @@ %s::tsquery THEN %s * (1 - n.norm / (
    least(search_term_frequency(c.v, %s::tsquery), search_term_frequency(c.v, %s::tsquery)) + n.norm)) ELSE 0 END"""


@dataclass(frozen=True, slots=True)
class Scored:
    """A word of the query, the places where the query holds it, and in how many examples it stands."""

    lexeme: str
    places: Sequence[int]
    examples: int

    def weight(self, store: int) -> float:
        """Return its inverse document frequency in a store of this many examples."""
        held = min(self.examples, store)
        return math.log1p((store - held + 0.5) / (held + 0.5))


def score(terms: Sequence[Scored], store: int) -> Piece:
    """Return the score of the tsvector ``c.v`` as an expression; ``n.norm`` must be its `norm`."""
    return joined([*_words(terms, store), *_pairs(terms, store)], " + ")


def _words(terms: Iterable[Scored], store: int) -> Iterator[Piece]:
    # tf / (tf + norm) as 1 - norm / (tf + norm), so that the term frequency is computed once
    for term in terms:
        yield Piece(_WORD, (term.weight(store), quoted(term.lexeme)))


def _pairs(terms: Iterable[Scored], store: int) -> Iterator[Piece]:
    for weight, first, distance, second in sorted(_neighbours(terms, store), reverse=True)[:MOST_PAIRS]:
        yield Piece(_PAIR, (f"{first} <{distance}> {second}", weight, first, second))


def _neighbours(terms: Iterable[Scored], store: int) -> set[tuple[float, str, int, str]]:
    """Return each pair of neighbours, with the distance between them, after what it counts."""
    said = sorted((place, quoted(term.lexeme), term.weight(store)) for term in terms for place in term.places)
    return {
        (TOGETHER * (weight + other) / 2, first, after - place, second)
        for (place, first, weight), (after, second, other) in pairwise(said)
        if first != second and after - place <= FARTHEST
    }


def norm(any_term: str, mean_length: float) -> Piece:
    """Return k1 (1 - b + b · length / mean length) of ``c.v``, which holds one of the words at least."""
    return Piece("%s + %s * search_length(c.v, %s::tsquery)", (K1 * (1 - B), K1 * B / mean_length, any_term))


def quoted(lexeme: str) -> str:
    """Return the lexeme as a tsquery writes it."""
    inner = lexeme.replace("\\", "\\\\").replace("'", "''")
    return f"'{inner}'"


def any_of(lexemes: Iterable[str]) -> str:
    """Return the tsquery that any of the lexemes meets."""
    return " | ".join(map(quoted, lexemes))
