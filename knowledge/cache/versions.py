"""The version of the data behind a value, so that a change is never answered from before it."""

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
_EMOTIONS = "SELECT md5(string_agg(e::text, ',' ORDER BY id)) FROM emotions e"

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


def version_of_emotions() -> Version:
    """Return the version of the catalogue of emotions."""
    return _version("emotions", _EMOTIONS)


def _version(name: str, sql: str, *parameters: str) -> Version:
    try:
        with database(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            text = cursor.fetchone()[0] or "none"
    except Away:
        return Version(_last_seen(name) or f"exported:{read_manifest().written_at}", known=False)
    _tell(name, text)
    return Version(text)


def _last_seen(name: str) -> str:
    try:
        with redis_availability.watch():
            value = redis_client().get(_redis_key(name))
    except Away:
        return _told.get(name, "")
    return value.decode() if isinstance(value, bytes) else ""


def _tell(name: str, text: str) -> None:
    if _told.get(name) == text:
        return
    try:
        with redis_availability.watch():
            redis_client().set(_redis_key(name), text, ex=_KEPT_SECONDS)
    except Away:
        return
    _told[name] = text


def _redis_key(name: str) -> str:
    return prefixed(f"version:{name}")
