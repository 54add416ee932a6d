"""Full-text search in admin lists: by the index, never by scanning."""

from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import QuerySet
from django.http import HttpRequest

from knowledge.search.syntax import blanked


class TextSearchMixin:
    """Search by ``search_vector`` in the language of web searches, or by ``#id``."""

    search_fields = ("content",)  # shows the box; `get_search_results` does the searching
    search_help_text = 'Words, "a phrase", -without, or #id'

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Return the rows that match."""
        term = search_term.replace("\0", "").strip()
        if not term:
            return queryset, False
        number = term.removeprefix("#")
        if term.startswith("#") and number.isascii() and number.isdigit() and len(number) < 19:
            return queryset.filter(pk=int(number)), False
        query = SearchQuery(blanked(term), config="english", search_type="websearch")
        return queryset.filter(search_vector=query), False
