"""Filters of the list of examples; each is answered by an index."""

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from unfold.contrib.filters.admin import TextFilter

from knowledge.models import Emotion, Feedback

BELOW_INTEGER = 19


class ResponseFilter(admin.SimpleListFilter):
    """Whether there is a response."""

    title = "response"
    parameter_name = "has_response"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("yes", "With a response"), ("no", "Without")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Apply the choice."""
        match self.value():
            case "yes":
                return queryset.exclude(response="")
            case "no":
                return queryset.filter(response="")
        return queryset


class EmbeddingFilter(admin.SimpleListFilter):
    """Whether there is an embedding."""

    title = "embedding"
    parameter_name = "has_embedding"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("yes", "Embedded"), ("no", "Not yet")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Apply the choice."""
        value = self.value()
        return queryset if value is None else queryset.filter(embedding__isnull=value == "no")


class EmotionFilter(admin.SimpleListFilter):
    """By an emotion that the metadata names, alone or in a list, as a search by emotion does."""

    title = "emotion"
    parameter_name = "emotion"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [(name, name) for name in Emotion.objects.values_list("name", flat=True)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Apply the choice."""
        value = self.value()
        if value is None:
            return queryset
        named = Q(metadata__contains={"emotions": [value]}) | Q(metadata__contains={"emotion": value})
        return queryset.filter(named)


class RatingFilter(admin.SimpleListFilter):
    """By the ratings given to examples."""

    title = "rating"
    parameter_name = "rating"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("bad", "Rated 1 or 2"), ("good", "Rated 4 or 5"), ("any", "Rated at all")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Apply the choice."""
        spans = {"bad": (1, 2), "good": (4, 5), "any": (1, 5)}
        span = spans.get(self.value() or "")
        if span is None:
            return queryset
        rated = Feedback.objects.filter(rating__range=span, example__isnull=False)
        return queryset.filter(pk__in=rated.values("example_id"))


class BatchFilter(TextFilter):  # type: ignore[misc]
    """By the import that examples came from."""

    title = "import"
    parameter_name = "batch"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Apply the number."""
        value = self.value() or ""
        if not value:
            return queryset
        known = value.isascii() and value.isdigit() and len(value) < BELOW_INTEGER
        return queryset.filter(batch_id=int(value)) if known else queryset.none()


class TagFilter(TextFilter):  # type: ignore[misc]
    """By a tag in the metadata."""

    title = "tag"
    parameter_name = "tag"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Apply the tag."""
        value = (self.value() or "").replace("\0", "")
        return queryset.filter(metadata__contains={"tags": [value]}) if value else queryset
