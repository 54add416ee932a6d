"""Counting words: how many examples hold each, and how long examples are.

The counts are made in bulk, of a sample where the store is large, and may lag behind the store: a ranking hardly feels
a document frequency that is a tenth off. A small store is counted whenever it has changed by more than that; a large
one by the job ``embed`` and by ``manage.py embed_examples``.
"""

from dataclasses import dataclass

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from knowledge.search.sql import Piece, rows

SAMPLE = 100_000
"""Examples that are looked at; from a larger store, a random part of its pages that holds about as many."""
WORDS_SAMPLE = 20_000
"""Examples that words are taken from to suggest for misspelt ones."""
SMALL = 20_000
"""A store up to this size is counted within a search, in less than a second."""
USUAL_LENGTH = 40.0
"""Words of an example, taken for the mean until they are counted."""
TOLERANCE = 0.1
_LOCK = 0x5EA2C4  # of this room's own choosing

_WAIT, _TRY = "SELECT pg_advisory_xact_lock(%s)", "SELECT pg_try_advisory_xact_lock(%s)"

_STATE = """
SELECT (SELECT coalesce(sum(example_count), 0)::bigint FROM datasets),
       (SELECT coalesce(sum(version), 0)::bigint FROM datasets),
       c.examples, c.version, c.mean_length
FROM (SELECT 1) one LEFT JOIN search_corpus c ON true
"""
# %(rows)s is put in by ourselves: ts_stat takes a statement as text, without parameters.
_COUNT_TERMS = """
INSERT INTO search_terms (lexeme, examples)
SELECT word, ceil(ndoc * %(scale)s) FROM ts_stat('SELECT search_vector {rows}')
"""
_COUNT_WORDS = """
INSERT INTO search_words (word, examples, trigrams)
SELECT word, ndoc, ARRAY(SELECT DISTINCT substr('  ' || word || ' ', i, 3) FROM generate_series(1, length(word) + 1) i)
FROM ts_stat(
    'SELECT to_tsvector(''simple'', search_blanked(left(content, 2000) || '' '' || left(response, 2000))) {rows}'
)
WHERE word ~ '^[[:alpha:]]{{3,30}}$'
"""
_LENGTHS = """
SELECT count(*), (SELECT coalesce(sum(nentry), 0)::float8 FROM ts_stat('SELECT search_vector {rows}')) {rows}
"""
_CLOSE = """
INSERT INTO search_corpus (id, examples, sampled, mean_length, version, counted_at)
VALUES (1, %(examples)s, %(sampled)s, %(mean)s, %(version)s, now())
ON CONFLICT (id) DO UPDATE SET examples = excluded.examples, sampled = excluded.sampled,
    mean_length = excluded.mean_length, version = excluded.version, counted_at = excluded.counted_at
"""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The store as a whole: its examples now, when words were counted, and the mean length of one in words."""

    examples: int
    counted: int
    mean_length: float
    version: int
    counted_version: int

    @property
    def growth(self) -> float:
        """Return by what the counts must be multiplied to hold for the store of now."""
        return self.examples / self.counted if self.counted else 1.0

    @property
    def is_stale(self) -> bool:
        """Whether the store has changed so much that the counts mislead."""
        return self.version != self.counted_version and abs(self.examples - self.counted) > TOLERANCE * self.counted


def corpus_now() -> Corpus:
    """Return what is known of the store; a small one is counted first, if it has changed much."""
    corpus = _read()
    if corpus.is_stale and corpus.examples <= SMALL and corpus_count(wait=False):
        return _read()
    return corpus


def corpus_count(*, wait: bool = True) -> bool:
    """Count words anew; return False where another process is at it and we need not ``wait``."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_WAIT if wait else _TRY, [_LOCK])
        if cursor.fetchone()[0] is False:
            return False
        _count(cursor, _read())
    return True


def _count(cursor: CursorWrapper, corpus: Corpus) -> None:
    terms_from, words_from = _sample(corpus.examples, SAMPLE), _sample(corpus.examples, WORDS_SAMPLE)
    cursor.execute(_LENGTHS.format(rows=terms_from))
    sampled, words = cursor.fetchone()
    cursor.execute("DELETE FROM search_terms")
    cursor.execute(_COUNT_TERMS.format(rows=terms_from), {"scale": corpus.examples / max(sampled, 1)})
    cursor.execute("DELETE FROM search_words")
    cursor.execute(_COUNT_WORDS.format(rows=words_from))
    mean = max(words / max(sampled, 1), 1.0)
    told = {"examples": corpus.examples, "sampled": sampled, "mean": mean, "version": corpus.version}
    cursor.execute(_CLOSE, told)


def _sample(examples: int, most: int) -> str:
    if examples <= most:
        return "FROM examples"
    return f"FROM examples TABLESAMPLE SYSTEM ({100 * most / examples:.6f}) REPEATABLE (1)"


def _read() -> Corpus:
    ((examples, version, counted, counted_version, mean),) = rows(Piece(_STATE))
    before = -1 if counted_version is None else counted_version
    return Corpus(examples, counted or 0, mean or USUAL_LENGTH, version, before)
