"""BM25 in SQL, exact to the last occurrence of a word.

Robertson & Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond"; the inverse document frequency is
Lucene's, ln(1 + (N - n + 1/2) / (n + 1/2)), which is never negative. ``k1`` and ``b`` are those of bm25s. A factor that
is the same for all examples (k1 + 1) is left out.

A tsvector tells how often it holds a word only through `unnest`, which is slow. `ts_rank` of one word with all weights
1 is a known function of that number, the partial sums of 1/i² over π²/6, and so can be read backwards; divided by the
length (normalisation 2) it gives the length. The functions ``search_term_frequency`` and ``search_length`` of the
database do so.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from knowledge.search.sql import Piece, joined

K1, B = 1.5, 0.75


@dataclass(frozen=True, slots=True)
class Scored:
    """A word of the query, how often the query holds it, and in how many examples it stands."""

    lexeme: str
    times: int
    examples: int

    def weight(self, store: int) -> float:
        """Return its inverse document frequency in a store of this many examples, times its count in the query."""
        held = min(self.examples, store)
        return self.times * math.log1p((store - held + 0.5) / (held + 0.5))


def score(terms: Iterable[Scored], store: int) -> Piece:
    """Return the BM25 score of the tsvector ``c.v`` as an expression; ``n.norm`` must be its `norm`."""
    # tf / (tf + norm) as 1 - norm / (tf + norm), so that the term frequency is computed once
    each = [
        Piece(
            "%s * (1 - n.norm / (search_term_frequency(c.v, %s::tsquery) + n.norm))",
            (term.weight(store), quoted(term.lexeme)),
        )
        for term in terms
    ]
    return joined(each, " + ")


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
