"""Filters as conditions of SQL on the examples ``e``."""

from collections.abc import Iterator

from django.db.models import Q
from psycopg2.extras import Json

from knowledge.domains import dataset_get
from knowledge.models import Emotion
from knowledge.search.asked import Filters
from knowledge.search.sql import Piece

_EMOTION = "(e.metadata @> %s OR e.metadata @> %s)"  # what the index on the metadata can answer
_FREQUENCY = """(
    (jsonb_typeof(e.metadata->'frequency') = 'number' AND (e.metadata->>'frequency')::float8 BETWEEN %s AND %s)
    OR e.metadata->'emotions' ?| %s OR e.metadata->>'emotion' = ANY(%s)
)"""
_INFINITE = float("inf")
FEW = 5_000
"""Examples that are looked at one by one in less time than a walk takes that must find them among many others."""


def conditions(filters: Filters) -> list[Piece]:
    """Return the conditions that an example must meet. Raises `NotFoundError` for an unknown domain."""
    return list(_each(filters))


def few_pass(filters: Filters) -> bool:
    """Return whether the domain asked for is small. Raises `NotFoundError` for an unknown domain."""
    return filters.domain is not None and dataset_get(filters.domain).example_count <= FEW


def _each(filters: Filters) -> Iterator[Piece]:
    if filters.domain is not None:
        yield Piece("e.dataset_id = %s", (dataset_get(filters.domain).pk,))
    if filters.since is not None:
        yield Piece("e.created_at >= %s", (filters.since,))
    if filters.before is not None:
        yield Piece("e.created_at < %s", (filters.before,))
    if filters.emotion is not None:
        yield Piece(_EMOTION, (Json({"emotions": [filters.emotion]}), Json({"emotion": filters.emotion})))
    if filters.min_frequency is not None or filters.max_frequency is not None:
        yield _frequency(filters)


def _frequency(filters: Filters) -> Piece:
    low = -_INFINITE if filters.min_frequency is None else filters.min_frequency
    high = _INFINITE if filters.max_frequency is None else filters.max_frequency
    either = Q(neuroscience_freq__range=(low, high)) | Q(metaphysical_freq__range=(low, high))
    names = list(Emotion.objects.filter(either).values_list("name", flat=True))
    return Piece(_FREQUENCY, (low, high, names, names))
