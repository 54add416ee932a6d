"""The version of the data behind a value, so that a change is never answered from before it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from knowledge.cache.availability import Away
from knowledge.cache.client import prefixed, redis_availability, redis_client
from knowledge.cache.exports.manifest import read_manifest
from knowledge.cache.keys import scope_of
from knowledge.cache.table_tier import database

_KEPT_SECONDS = 7 * 24 * 3600

_EXAMPLES = "SELECT md5(string_agg(id || ':' || version, ',' ORDER BY id)) FROM datasets"
_DOMAIN = "SELECT md5(string_agg(id || ':' || version, ',')) FROM datasets WHERE domain_name = %s"
_CATALOGUE = "SELECT md5(string_agg(d::text, ',' ORDER BY id)) FROM datasets d"
_DESCRIBED = """
SELECT md5(d::text || s::text) FROM datasets d JOIN dataset_stats s ON s.dataset_id = d.id WHERE d.domain_name = %s
"""
_EMOTIONS = "SELECT md5(string_agg(e::text, ',' ORDER BY id)) FROM emotions e"

NOTHING = "none"
"""The version where there is no such domain."""

_told: dict[str, str] = {}
"""What this process last wrote to Redis, so that an unchanged version costs no write."""


@dataclass(frozen=True, slots=True)
class Version:
    """A version as text; ``known`` is False where the database could not be asked and it is the last one seen."""

    text: str
    known: bool = True


def version_of_examples(domain: str | None) -> Version:
    """Return the version of the examples of ``domain``, or of all domains together where it is None.

    While the database is away: the last version that any process saw, else that of the exported files.
    """
    if domain is None:
        return _version("examples", _EXAMPLES)
    return _version(f"examples:{scope_of(domain)}", _DOMAIN, domain)


def version_of_catalogue() -> Version:
    """Return the version of the list of domains: any change of a row, or of its examples, is a new one."""
    return _version("datasets", _CATALOGUE)


def version_of_description(domain: str) -> Version:
    """Return the version of what is known of one domain: its columns, its counts, its embeddings and archive."""
    return _version(f"dataset:{scope_of(domain)}", _DESCRIBED, domain)


def version_of_emotions() -> Version:
    """Return the version of the catalogue of emotions."""
    return _version("emotions", _EMOTIONS)


def version_of(name: str, read: Callable[[], str]) -> Version:
    """Return what ``read`` reads of the database; while that is away the last text that any process saw."""
    try:
        with database():
            text = read()
    except Away:
        return Version(_last_seen(name) or f"exported:{read_manifest().written_at}", known=False)
    _tell(name, text)
    return Version(text)


def _version(name: str, sql: str, *parameters: str) -> Version:
    return version_of(name, lambda: _asked(sql, parameters))


def _asked(sql: str, parameters: tuple[str, ...]) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        row = cursor.fetchone()
    return (row and row[0]) or NOTHING


def _last_seen(name: str) -> str:
    told = _told.get(_redis_key(name), "")
    try:
        with redis_availability.watch():
            value = redis_client().get(_redis_key(name))
    except Away:
        return told
    return value.decode() if isinstance(value, bytes) else told


def _tell(name: str, text: str) -> None:
    key = _redis_key(name)
    if _told.get(key) == text:
        return
    try:
        with redis_availability.watch():
            redis_client().set(key, text, ex=_KEPT_SECONDS)
    except Away:
        return
    _told[key] = text


def _redis_key(name: str) -> str:
    return prefixed(f"version:{name}")
