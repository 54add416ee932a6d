"""The third source: the web, by a SearXNG-compatible search (``/search?format=json``).

https://docs.searxng.org/dev/search_api.html
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from knowledge.sources.contract import Citation, Finding, Question
from knowledge.sources.deadline import Deadline
from knowledge.sources.html_text import plain
from knowledge.sources.net.fetch import get_json
from knowledge.sources.reading_json import objects_at, text_at
from knowledge.sources.relevance import coverage, words

_RESULTS_LOOKED_AT, _CITED = 10, 3


class WebSource:
    """Answers with what the search says itself or, where it says nothing, with its best excerpts."""

    name = "web"
    good_enough = 0.7

    def __init__(self) -> None:
        self._base = settings.SEARXNG_URL.rstrip("/")
        self.timeout: float = settings.SEARXNG_TIMEOUT
        self.identity = self._base
        self.missing = None if self._base else "SEARXNG_URL"

    def find(self, question: Question, deadline: Deadline, context: Sequence[Finding]) -> Finding | None:
        """See ``contract.Source``."""
        del context
        found = get_json(f"{self._base}/search", deadline, params={"q": question.text, "format": "json"})
        asked = words(question.text)
        results = list(filter(None, map(_citation, objects_at(found, "results"))))[:_RESULTS_LOOKED_AT]
        results.sort(key=lambda result: -_relevance(asked, result))
        return _answer(asked, _instant(found), results[:_CITED])


def _answer(asked: list[str], instant: str, results: list[Citation]) -> Finding | None:
    text = instant or "\n\n".join(result.excerpt for result in results)
    if not text:
        return None
    said = "\n".join((text, *(result.title for result in results)))
    return Finding(text, coverage(asked, words(said)), tuple(results))


def _instant(found: Any) -> str:
    """Return the answer that the search gives itself; older servers give texts, newer ones objects."""
    first = found.get("answers") if isinstance(found, dict) else None
    answer = text_at(first, 0) or text_at(first, 0, "answer")
    return plain(answer or text_at(found.get("infoboxes"), 0, "content"))


def _citation(result: dict[str, Any]) -> Citation | None:
    url, excerpt = text_at(result, "url"), plain(text_at(result, "content"))
    if urlsplit(url).scheme not in {"http", "https"} or not excerpt:
        return None
    return Citation(plain(text_at(result, "title")) or url, excerpt, url=url)


def _relevance(asked: list[str], result: Citation) -> float:
    return coverage(asked, words(f"{result.title}\n{result.excerpt}"))
