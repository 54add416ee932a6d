"""Writes the store's examples and emotions to files; only domains that changed since are written again."""

import os
import time
from collections.abc import Iterator
from typing import Any

import orjson
from django.conf import settings

from knowledge.cache.exports.manifest import ExportedDomain, Manifest, folder, read_manifest, write_manifest
from knowledge.cache.keys import scope_of
from knowledge.cache.reads import DATASET_COLUMNS, EMOTION_COLUMNS, EXAMPLE_COLUMNS
from knowledge.models import Dataset, Emotion, Example
from knowledge.selectors import dataset_describe

_LEFTOVER_SECONDS = 3600.0


def write_exports() -> Manifest:
    """Bring the files up to the state of the database and return their manifest.

    Raises
    ------
    OSError, django.db.Error
        The files then stay as they were.
    """
    folder().mkdir(parents=True, exist_ok=True)
    before = read_manifest().domains
    domains = [_exported(dataset, before.get(dataset.domain_name)) for dataset in Dataset.objects.all()]
    emotions = [_as_json(row) for row in Emotion.objects.values(*EMOTION_COLUMNS)]
    manifest = Manifest(time.time(), {domain.name: domain for domain in domains}, emotions)
    write_manifest(manifest)
    _remove_leftovers(manifest)
    return manifest


def _exported(dataset: Dataset, before: ExportedDomain | None) -> ExportedDomain:
    described = _as_json({name: getattr(dataset, name) for name in DATASET_COLUMNS})
    name = f"{scope_of(dataset.domain_name)[:100]}.{dataset.pk}.{dataset.version}.jsonl"
    unchanged = before is not None and before.file == name and (folder() / name).exists()
    if not unchanged:
        _write_examples(dataset.pk, name)
    return ExportedDomain(dataset.pk, dataset.version, name, described, _as_json(dataset_describe(dataset)))


def _write_examples(dataset_id: int, name: str) -> None:
    beside = folder() / f"{name}.{os.getpid()}.tmp"
    with beside.open("wb") as stream:
        for line in _lines(dataset_id):
            stream.write(line)
    beside.replace(folder() / name)


def _lines(dataset_id: int) -> Iterator[bytes]:
    newest = Example.objects.filter(dataset_id=dataset_id).order_by("-created_at", "-id").values(*EXAMPLE_COLUMNS)
    for row in newest[: settings.SHARED_CACHE_EXPORT_EXAMPLES].iterator(chunk_size=500):
        yield orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def _as_json(row: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = orjson.loads(orjson.dumps(row))
    return plain


def _remove_leftovers(manifest: Manifest) -> None:
    """Remove files that no manifest names, once nobody can still be reading them."""
    named = {domain.file for domain in manifest.domains.values()}
    for path in folder().glob("*.jsonl*"):
        if path.name not in named and time.time() - path.stat().st_mtime > _LEFTOVER_SECONDS:
            path.unlink(missing_ok=True)
