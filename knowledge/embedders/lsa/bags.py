"""Texts as bags of lexemes, by the same text search configuration as the full-text index."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from knowledge.search.sql import Piece, rows

LONGEST_TEXT = 80_000  # characters, as in the full-text index

_OF_TEXTS = """
SELECT array_agg(t.lexeme), array_agg(cardinality(t.positions))
FROM unnest(%s::text[]) WITH ORDINALITY AS each (text, number)
LEFT JOIN LATERAL unnest(to_tsvector('english', search_blanked(left(each.text, %s)))) t ON true
GROUP BY number ORDER BY number
"""
_OF_EXAMPLES = """
SELECT array_agg(t.lexeme), array_agg(cardinality(t.positions))
FROM examples e {sample}, unnest(e.search_vector) t GROUP BY e.id ORDER BY e.id
"""


@dataclass(frozen=True, slots=True)
class Bag:
    """The distinct lexemes of a text, and how often it holds each."""

    lexemes: Sequence[str]
    counts: npt.NDArray[np.float32]


def bags_of_texts(texts: Sequence[str]) -> list[Bag]:
    """Return the bag of each text."""
    clean = [text.replace("\x00", " ") for text in texts]
    return [_bag(*row) for row in rows(Piece(_OF_TEXTS, (clean, LONGEST_TEXT)))]


def bags_of_examples(examples: int, most: int) -> list[Bag]:
    """Return the bags of about ``most`` of the ``examples`` in the store; the same ones while it does not change."""
    share = 100 * most / max(examples, 1)
    sample = "" if examples <= most else f"TABLESAMPLE SYSTEM ({share:.6f}) REPEATABLE (1)"
    return [_bag(*row) for row in rows(Piece(_OF_EXAMPLES.replace("{sample}", sample)))]


def _bag(lexemes: list[str | None], counts: list[int | None]) -> Bag:
    if lexemes[0] is None:
        return Bag((), np.zeros(0, np.float32))
    return Bag([each for each in lexemes if each is not None], np.array(counts, np.float32))
