"""What the dataset source needs of a search, whoever provides it; and the one it uses by default."""

import re
from dataclasses import dataclass
from typing import Protocol

from django.db import connection, transaction

from knowledge.cache.table_tier import database
from knowledge.errors import NotFoundError
from knowledge.search.asked import LONGEST_QUERY, Asked, Filters, Mode
from knowledge.search.searching import search

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


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


class HybridSearch:
    """The search of the store, by words and by meaning."""

    identity = "hybrid-2"

    def __call__(self, query: str, domain: str | None, limit: int, timeout: float) -> list[Example]:
        """See ``Search``; no sign in the question is taken for an operator."""
        bare = " ".join(_WORD.findall(query))[:LONGEST_QUERY]
        if not bare:
            return []
        asked = Asked(bare, Mode.HYBRID, Filters(domain=domain), limit)
        try:
            with database(), transaction.atomic():
                _bound(timeout)
                found = search(asked).results
        except NotFoundError:
            return []
        return [Example(each.id, each.domain, each.content, each.response) for each in found]


def _bound(seconds: float) -> None:
    """Let the server give up a statement of this transaction after so long."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [str(max(1, int(seconds * 1000)))])
