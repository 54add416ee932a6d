"""The words of a query as the index knows them, and how common each is."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.search.bm25 import Scored, quoted
from knowledge.search.sql import Piece, rows
from knowledge.search.statistics import Corpus

_COUNTED_AT_MOST = 1_000

_LEXEMES = """
SELECT t.lexeme, cardinality(t.positions), s.examples
FROM unnest(to_tsvector('english', %s)) t LEFT JOIN search_terms s USING (lexeme)
"""
_COUNT = "SELECT count(*) FROM (SELECT FROM examples WHERE search_vector @@ %s::tsquery LIMIT %s) held"
_LONGEST_LEXEME = 2_046  # bytes; PostgreSQL's own limit


@dataclass(frozen=True, slots=True)
class _Read:
    lexeme: str
    times: int
    examples: int | None


def terms_of(words: str, corpus: Corpus) -> list[Scored]:
    """Return the lexemes of ``words`` that examples hold, each with its counts.

    A word that was not met when words were counted is rare, or new: it is counted here, up to a limit.
    """
    found = [_Read(*row) for row in rows(Piece(_LEXEMES, (words,)))]
    return [term for read in found if (term := _counted(read, corpus)).examples]


def _counted(read: _Read, corpus: Corpus) -> Scored:
    examples = read.examples
    if examples is None:
        ((examples,),) = rows(Piece(_COUNT, (quoted(read.lexeme), _COUNTED_AT_MOST)))
    else:
        examples = max(1, round(examples * corpus.growth))
    return Scored(read.lexeme, read.times, examples)


def lexemes_of(terms: Sequence[Scored]) -> list[str]:
    """Return the lexemes of the terms."""
    return [term.lexeme for term in terms]
