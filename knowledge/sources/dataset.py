"""The first source: the curated examples; from exported files while the database is away."""

from collections.abc import Sequence

from django.conf import settings
from django.db import Error as DatabaseError

from knowledge.cache.availability import Away
from knowledge.cache.exports import reading
from knowledge.sources.calibration import confidence
from knowledge.sources.contract import Citation, Finding, Question, SourceFailure
from knowledge.sources.deadline import Deadline
from knowledge.sources.relevance import coverage, words
from knowledge.sources.searching import Example, HybridSearch, Search

_LOOKED_AT, _CITED = 10, 3
_EXCERPT = 300


class DatasetSource:
    """Answers with the example whose question is nearest."""

    name = "dataset"
    good_enough = 0.5
    missing = None

    def __init__(self, search: Search | None = None) -> None:
        self._search = search or HybridSearch()
        self.identity = self._search.identity
        self.timeout: float = settings.DATASET_TIMEOUT

    def find(self, question: Question, deadline: Deadline, context: Sequence[Finding]) -> Finding | None:
        """See ``contract.Source``."""
        del context
        try:
            found, stale = self._search(question.text, question.domain, _LOOKED_AT, deadline.left()), False
        except Away:
            found, stale = _from_files(question), True
        except DatabaseError as error:
            raise SourceFailure(f"search: {type(error).__name__}") from error
        return _best(question, found, stale=stale)


def _best(question: Question, found: list[Example], *, stale: bool) -> Finding | None:
    ranked = sorted(
        ((confidence(question.text, e.content, e.response), -i, e) for i, e in enumerate(found)), reverse=True
    )
    if not ranked:
        return None
    sure, _, best = ranked[0]
    near = [example for points, _, example in ranked[:_CITED] if points >= sure / 2]
    return Finding(best.response or best.content, sure, tuple(map(_cite, near)), stale=stale)


def _cite(example: Example) -> Citation:
    excerpt = (example.response or example.content)[:_EXCERPT]
    return Citation(example.content[:_EXCERPT], excerpt, domain=example.domain, example_id=example.id)


def _from_files(question: Question) -> list[Example]:
    asked = words(question.text)
    best = reading.best(lambda text: coverage(asked, words(text)), question.domain, _LOOKED_AT)
    return [Example(row["id"], row["domain"], row["content"], row["response"]) for _, row in best]
