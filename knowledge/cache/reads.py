"""Reads of the store through the shared cache, which go on without the database.

The tiers in order: the cache, the database, what the cache held for the last version seen, the exported files.
What does not come from the database's present state is ``stale``.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import orjson

from knowledge.cache import stats
from knowledge.cache.availability import Away
from knowledge.cache.errors import Unobtainable
from knowledge.cache.exports import reading
from knowledge.cache.keys import Key, make_key
from knowledge.cache.shared import Computed, remember
from knowledge.cache.table_tier import database
from knowledge.cache.versions import (
    Version,
    version_of_catalogue,
    version_of_description,
    version_of_emotions,
    version_of_examples,
)
from knowledge.models import Dataset, Emotion, Example
from knowledge.selectors import dataset_describe

FIRST_PAGE = 100
DATASET_COLUMNS = ("id", "domain_name", "version", "example_count", "metadata", "created_at", "updated_at")
EMOTION_COLUMNS = (
    "name",
    "neuroscience_freq",
    "metaphysical_freq",
    "valence",
    "arousal",
    "personality_template",
    "evidence",
)
EXAMPLE_COLUMNS = ("id", "content", "response", "metadata", "created_at", "updated_at")

Rows = list[dict[str, Any]]
Source = Callable[[], Rows | None]


@dataclass(frozen=True, slots=True)
class Read:
    """Rows as JSON, and whether they may be older than what the database holds; None where there is no such domain."""

    rows: Rows | None
    stale: bool


def read_datasets() -> Read:
    """Return every domain with its columns, by name."""
    version = version_of_catalogue()
    key = make_key("datasets", {}, version=version.text)
    rows = Dataset.objects.order_by("domain_name").values(*DATASET_COLUMNS)
    return _read(key, version, lambda: as_rows(rows), reading.datasets)


def read_dataset(domain: str) -> Read:
    """Return what is known of one domain, as the only row."""
    if "\0" in domain:  # which no text of the database can have
        return Read(None, stale=False)
    version = version_of_description(domain)
    key = make_key("datasets", {"described": True}, version=version.text, domain=domain)
    return _read(key, version, lambda: _described(domain), lambda: reading.dataset(domain))


def read_emotions() -> Read:
    """Return the catalogue of emotions, by name."""
    version = version_of_emotions()
    key = make_key("emotions", {}, version=version.text)
    rows = Emotion.objects.order_by("name").values(*EMOTION_COLUMNS)
    return _read(key, version, lambda: as_rows(rows), reading.emotions)


def read_examples(domain: str) -> Read:
    """Return the first page of a domain: its ``FIRST_PAGE`` newest examples."""
    version = version_of_examples(domain)
    key = make_key("examples", {"limit": FIRST_PAGE}, version=version.text, domain=domain)
    return _read(key, version, lambda: _newest(domain), lambda: reading.examples(domain, limit=FIRST_PAGE))


def as_rows(found: Iterable[Any]) -> Rows:
    """Return rows of the database as JSON."""
    rows: Rows = orjson.loads(orjson.dumps(list(found)))
    return rows


def _read(key: Key, version: Version, from_database: Source, from_files: Source) -> Read:
    try:
        found = remember(key, lambda: _computed(from_database), _load_rows)
    except Unobtainable:
        rows = from_files()
        stats.count_exported(key.cache_type, found=bool(rows))
        return Read(rows, stale=True)
    return Read(found.value, found.stale or not version.known)


def _computed(from_database: Source) -> Computed:
    try:
        with database():
            rows = from_database()
    except Away as error:
        raise Unobtainable("the database is away") from error
    return Computed(rows, negative=rows is None)


def _described(domain: str) -> Rows | None:
    dataset = Dataset.objects.filter(domain_name=domain).first()
    return None if dataset is None else as_rows([dataset_describe(dataset)])


def _newest(domain: str) -> Rows | None:
    dataset = Dataset.objects.filter(domain_name=domain).first()
    if dataset is None:
        return None
    newest = Example.objects.filter(dataset=dataset).order_by("-created_at", "-id")
    return as_rows(newest.values(*EXAMPLE_COLUMNS)[:FIRST_PAGE])


def _load_rows(value: Any) -> Rows | None:
    if value is not None and not isinstance(value, list):
        raise ValueError("not a list of rows")
    return value
