"""Search through the shared cache: the cache, the database, what the cache held before, the exported files."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from knowledge.cache import stats
from knowledge.cache.availability import Away
from knowledge.cache.errors import Unobtainable
from knowledge.cache.exports import searching as files
from knowledge.cache.keys import Key, make_key
from knowledge.cache.shared import Computed, remember
from knowledge.cache.table_tier import database
from knowledge.cache.versions import (
    NOTHING,
    Version,
    version_of,
    version_of_catalogue,
    version_of_emotions,
    version_of_examples,
)
from knowledge.domains import dataset_get
from knowledge.embedders.choosing import identity_now
from knowledge.embedders.contract import EmbedderError
from knowledge.embedders.pending import is_pending
from knowledge.search.asked import DEEPEST, Asked, Mode
from knowledge.search.highlighting import Result
from knowledge.search.searching import Page, search

FROM_FILES = "The database is away: these are the best by words of what was exported last."
CUT_SHORT = " Not all of it could be read in time."
KEPT_BEFORE = "The database is away: this was found before."

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Searched:
    """A page as JSON (``mode``, ``results``, ``suggestion``), where the next one begins, and how old it may be.

    ``note`` says where it comes from, if not from the database's present state.
    """

    body: Body
    next_offset: int | None
    stale: bool = False
    note: str | None = None


def search_remembered(asked: Asked) -> Searched:
    """Return the page asked for.

    Raises
    ------
    NotFoundError
        For an unknown domain.
    Unobtainable
        Where neither the database, nor the cache, nor the exported files can answer.
    """
    versions = _versions(asked)
    if versions[0].known and versions[0].text == NOTHING and asked.filters.domain is not None:
        dataset_get(asked.filters.domain)
    key = _key(asked, versions)
    try:
        found = remember(key, lambda: _computed(asked), _load)
    except Unobtainable:
        return _from_files(asked)
    stale = found.stale or not all(version.known for version in versions)
    page = dict(found.value)
    return Searched(page, page.pop("next_offset"), stale, KEPT_BEFORE if stale else None)


def page_json(page: Page) -> Body:
    """Return the page as JSON, and where the next one begins."""
    found = [_result_body(each) for each in page.results]
    body = {"mode": page.mode, "results": found, "suggestion": page.suggestion, "next_offset": page.next_offset}
    plain: Body = orjson.loads(orjson.dumps(body, option=orjson.OPT_UTC_Z))
    return plain


def _versions(asked: Asked) -> list[Version]:
    """Return the versions of all that the answer is made from, the examples' first."""
    first = version_of_catalogue() if asked.archived else version_of_examples(asked.filters.domain)
    by_frequency = asked.filters.min_frequency is not None or asked.filters.max_frequency is not None
    more = [version_of_emotions()] if by_frequency else []
    return [first, *more, *([] if asked.mode is Mode.TEXT else [version_of("embedder", _embedder)])]


def _embedder() -> str:
    try:
        return identity_now() or NOTHING
    except EmbedderError:
        return NOTHING


def _key(asked: Asked, versions: list[Version]) -> Key:
    parameters: Body = orjson.loads(orjson.dumps(asdict(asked)))
    version = " ".join(version.text for version in versions)
    return make_key("search", parameters, version=version, domain=asked.filters.domain, text=asked.query)


def _computed(asked: Asked) -> Computed:
    """Search; what vectors still to be made may better is told, but not kept."""
    try:
        with database():
            page = search(asked)
            keep = page.mode is asked.mode and (asked.mode is Mode.TEXT or not is_pending(_embedder()))
    except Away as error:
        raise Unobtainable("the database is away") from error
    return Computed({"source": "dataset", **page_json(page)}, negative=not page.results, keep=keep)


def _load(value: Any) -> Body:
    body = {name: value[name] for name in ("mode", "results", "suggestion", "next_offset")}
    if not isinstance(body["results"], list):
        raise TypeError("no list of results")
    return body


def _from_files(asked: Asked) -> Searched:
    found = files.search(asked)
    stats.count_exported("search", found=found is not None)
    if found is None:
        raise Unobtainable("the database is away, and the exported files do not hold the domain")
    end = asked.offset + len(found.results)
    body = {"mode": str(Mode.TEXT), "results": found.results, "suggestion": None}
    note = FROM_FILES if found.complete else FROM_FILES + CUT_SHORT
    return Searched(body, end if found.more and end < DEEPEST else None, stale=True, note=note)


def _result_body(found: Result) -> Mapping[str, Any]:
    return asdict(found) | {"score": round(found.score, 6)}
