"""Reads from the exported files, line by line: no process holds a copy of the store."""

import heapq
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import orjson

from knowledge.cache.exports.manifest import ExportedDomain, folder, read_manifest

SECONDS_TO_SEARCH = 1.0


def datasets() -> list[dict[str, Any]]:
    """Return the columns of every domain, by name."""
    return [domain.described for _, domain in sorted(read_manifest().domains.items())]


def dataset(domain: str) -> list[dict[str, Any]] | None:
    """Return what was known of one domain, as the only row; None where there is no such domain."""
    exported = read_manifest().domains.get(domain)
    return None if exported is None else [exported.known or exported.described]


def emotions() -> list[dict[str, Any]]:
    """Return the emotions of the catalogue."""
    return read_manifest().emotions


def examples(domain: str, *, limit: int, before_id: int | None = None) -> list[dict[str, Any]] | None:
    """Return up to ``limit`` examples of ``domain``, the newest first; None where there is no such domain.

    ``before_id`` is the last one of the page before.
    """
    exported = read_manifest().domains.get(domain)
    if exported is None:
        return None
    rows = _rows(exported)
    if before_id is not None:
        for row in rows:
            if row["id"] == before_id:
                break
    return list(islice(rows, limit))


def best(score: Callable[[str], float], domain: str | None, limit: int) -> list[tuple[float, dict[str, Any]]]:
    """Return up to ``limit`` examples with the best ``score`` of their text, best first, each with its domain.

    Gives up after ``SECONDS_TO_SEARCH`` with what it has; examples that score nothing are left out.
    """
    stop_at = time.monotonic() + SECONDS_TO_SEARCH
    scored = (
        (score(f"{row['content']}\n{row['response']}"), -row["id"], row | {"domain": exported.name})
        for exported in _domains(domain)
        for row in _until(stop_at, _rows(exported))
    )
    top = heapq.nlargest(limit, (item for item in scored if item[0] > 0), key=lambda item: item[:2])
    return [(points, row) for points, _, row in top]


def _domains(domain: str | None) -> list[ExportedDomain]:
    found = read_manifest().domains
    return list(found.values()) if domain is None else [d for d in [found.get(domain)] if d is not None]


def _rows(exported: ExportedDomain) -> Iterator[dict[str, Any]]:
    try:
        with (folder() / exported.file).open("rb") as stream:
            yield from map(orjson.loads, stream)
    except (OSError, ValueError):
        return  # the file was replaced or torn: what has been read so far is the answer


def _until(stop_at: float, rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for row in rows:
        if time.monotonic() > stop_at:
            return
        yield row
