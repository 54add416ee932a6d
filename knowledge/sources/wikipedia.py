"""The second source: a MediaWiki site, by its REST API (``…/rest.php/v1``).

https://www.mediawiki.org/wiki/API:REST_API/Reference#Search_pages and #Get_HTML
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

from knowledge.sources.contract import Citation, Finding, Question
from knowledge.sources.deadline import Deadline
from knowledge.sources.html_text import paragraphs, plain
from knowledge.sources.net.fetch import NotFound, get_bytes, get_json
from knowledge.sources.reading_json import clean, objects_at, text_at
from knowledge.sources.relevance import coverage, words

_PAGES_LOOKED_AT = 5
_MOST_CHARACTERS = 1_200
LICENCE = "CC BY-SA 4.0"


class WikipediaSource:
    """Answers with the beginning of the page that covers the question best."""

    name = "wikipedia"
    good_enough = 0.6

    def __init__(self) -> None:
        self._base = settings.WIKIPEDIA_URL.rstrip("/")
        self.timeout: float = settings.WIKIPEDIA_TIMEOUT
        self.identity = self._base
        self.missing = None if self._base else "WIKIPEDIA_URL"

    def find(self, question: Question, deadline: Deadline, context: Sequence[Finding]) -> Finding | None:
        """See ``contract.Source``."""
        del context
        asked = words(question.text)
        params = {"q": " ".join(asked) or question.text, "limit": str(_PAGES_LOOKED_AT)}
        pages = list(objects_at(get_json(f"{self._base}/search/page", deadline, params=params), "pages"))
        if not pages:
            return None
        page = max(pages, key=lambda candidate: _relevance(asked, _page_text(candidate)))
        return self._answer(asked, page, deadline)

    def _answer(self, asked: list[str], page: dict[str, Any], deadline: Deadline) -> Finding | None:
        title, key = text_at(page, "title"), text_at(page, "key")
        text = self._beginning(key, deadline) or plain(text_at(page, "excerpt"))
        if not text or not title:
            return None
        sure = _relevance(asked, f"{title}\n{text}")
        citation = Citation(title, text[:300], url=self._page_url(key or title), licence=self._licence)
        return Finding(text, sure, (citation,))

    def _beginning(self, key: str, deadline: Deadline) -> str:
        try:
            html = get_bytes(f"{self._base}/page/{quote(key, safe='')}/html", deadline)
        except NotFound:
            return ""
        return _first_sentences(clean("\n".join(paragraphs(html.decode(errors="replace")))))

    def _page_url(self, key: str) -> str:
        site = urlsplit(self._base)
        return f"{site.scheme}://{site.netloc}/wiki/{quote(key.replace(' ', '_'))}"

    @property
    def _licence(self) -> str | None:
        return LICENCE if (urlsplit(self._base).hostname or "").endswith("wikipedia.org") else None


def _page_text(page: dict[str, Any]) -> str:
    return "\n".join((text_at(page, "title"), text_at(page, "description"), plain(text_at(page, "excerpt"))))


def _relevance(asked: list[str], text: str) -> float:
    return coverage(asked, words(text))


def _first_sentences(text: str) -> str:
    if len(text) <= _MOST_CHARACTERS:
        return text
    cut = text[:_MOST_CHARACTERS]
    end = max(cut.rfind(". "), cut.rfind(".\n"))
    return cut[: end + 1] if end > 0 else cut
