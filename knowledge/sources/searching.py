"""What the dataset source needs of a search, whoever provides it; and the one it uses by default."""

from dataclasses import dataclass
from typing import Protocol

from django.db import connection, transaction

from knowledge.cache.table_tier import database
from knowledge.sources.relevance import STOP_WORDS

_CANDIDATES = 500  # ranked with all the words, and as many with any of them

_SEARCH = """
WITH asked AS MATERIALIZED (
    SELECT q AS every_word, replace(q::text, '&', '|')::tsquery AS any_word,
        (SELECT id FROM datasets WHERE domain_name = %(domain)s) AS dataset_id
    FROM plainto_tsquery('english', %(text)s) q
), candidates AS (
    (SELECT e.id FROM examples e, asked WHERE e.search_vector @@ every_word
        AND (%(domain)s IS NULL OR e.dataset_id = asked.dataset_id) LIMIT %(most)s)
    UNION
    (SELECT e.id FROM examples e, asked WHERE e.search_vector @@ any_word
        AND (%(domain)s IS NULL OR e.dataset_id = asked.dataset_id) LIMIT %(most)s)
)
SELECT e.id, d.domain_name, e.content, e.response
FROM candidates JOIN examples e USING (id) JOIN datasets d ON d.id = e.dataset_id, asked
ORDER BY ts_rank_cd(e.search_vector, any_word, 1) DESC, e.id LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Example:
    """An example that a search found."""

    id: int
    domain: str
    content: str
    response: str


class Search(Protocol):
    """Finds examples for a question in words, the best first; ``identity`` changes when its ranking does."""

    identity: str

    def __call__(self, query: str, domain: str | None, limit: int, timeout: float) -> list[Example]:
        """Return up to ``limit`` examples within ``timeout`` seconds. Raises ``Away``, ``django.db.Error``."""


class FullTextSearch:
    """Any word of the question, ranked by PostgreSQL's cover density among a bounded number of candidates."""

    identity = "full-text-1"

    def __call__(self, query: str, domain: str | None, limit: int, timeout: float) -> list[Example]:
        """See ``Search``."""
        told = {"text": _bare(query), "domain": domain, "most": _CANDIDATES, "limit": limit}
        with database(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(max(1, int(timeout * 1000)))])
            cursor.execute(_SEARCH, told)
            return [Example(*row) for row in cursor.fetchall()]


def _bare(query: str) -> str:
    """Return the query without the words of asking, which PostgreSQL's own stop words leave in."""
    kept = [word for word in query.replace("\x00", " ").split() if word.casefold().strip("?!.,") not in STOP_WORDS]
    return " ".join(kept) or query.replace("\x00", " ")
