"""The words of a query as the index knows them, and how common each is."""

from knowledge.search.bm25 import Scored
from knowledge.search.sql import Piece, rows
from knowledge.search.statistics import Corpus

MOST_TERMS = 40
"""The rarest words of a long query are scored; whole paragraphs must not take seconds."""
_COUNTED_AT_MOST = 1_000

# a lexeme as a tsquery writes it, see `bm25.quoted`
_AS_QUERY = r"""('''' || replace(replace(t.lexeme, '\', '\\'), '''', '''''') || '''')::tsquery"""
_LEXEMES = rf"""
SELECT t.lexeme, t.positions, coalesce(
    (SELECT greatest(1, round(s.examples * %s::float8)) FROM search_terms s WHERE s.lexeme = t.lexeme),
    (SELECT count(*) FROM (SELECT FROM examples e WHERE e.search_vector @@ {_AS_QUERY} LIMIT %s) held)
)::bigint
FROM unnest(to_tsvector('english', search_blanked(%s))) t
"""  # noqa: S608


def terms_of(words: str, corpus: Corpus) -> list[Scored]:
    """Return the lexemes of ``words`` that examples hold, each with its counts, the rarest first.

    A word that was not met when words were counted is rare, or new: it is counted here, up to a limit.
    """
    found = [Scored(*row) for row in rows(Piece(_LEXEMES, (corpus.growth, _COUNTED_AT_MOST, words)))]
    held = [term for term in found if term.examples]
    return sorted(held, key=lambda term: (term.examples, term.lexeme))[:MOST_TERMS]
