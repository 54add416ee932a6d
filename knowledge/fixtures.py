"""Load the emotions and demo domains that ship with the project; loading them again changes nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from django.db import transaction

from knowledge.acting import acting, datasets_lock
from knowledge.domains import datasets_ensure, domain_name_clean
from knowledge.models import Dataset, Emotion, Example

ACTOR = "fixtures"


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many emotions, domains and examples are new."""

    emotions: int
    domains: int
    examples: int


def fixtures_load(folder: Path) -> Loaded:
    """Load ``emotions.json`` and ``domains/*.json`` from ``folder``; what a curator changed since is kept."""
    files = sorted((folder / "domains").glob("*.json"))
    with transaction.atomic():
        emotions = emotions_load(orjson.loads((folder / "emotions.json").read_bytes())["emotions"])
        loaded = [domain_load(orjson.loads(path.read_bytes())) for path in files]
    return Loaded(emotions, sum(added > 0 for added in loaded), sum(loaded))


def emotions_load(entries: list[dict[str, Any]]) -> int:
    """Add the emotions that are not in the catalogue and return how many that were."""
    before = Emotion.objects.count()
    Emotion.objects.bulk_create([Emotion(**entry) for entry in entries], ignore_conflicts=True)
    return Emotion.objects.count() - before


def domain_load(entry: dict[str, Any]) -> int:
    """Add the examples of one demo domain that are not in it and return how many that were."""
    name = domain_name_clean(entry["domain"])
    dataset = datasets_ensure([name])[name]
    (locked,) = datasets_lock([dataset.pk])
    if not locked.metadata:
        locked.metadata = {key: entry[key] for key in ("title", "description", "licence") if entry.get(key)}
        locked.save(update_fields=["metadata"])
    gone = _gone(locked)
    rows = [
        Example(dataset=locked, content=e["content"], response=e.get("response", ""), metadata=e.get("metadata", {}))
        for e in entry["examples"]
        if e["content"] not in gone
    ]
    with acting(ACTOR):
        Example.objects.bulk_create(rows, ignore_conflicts=True)
    before = locked.example_count
    locked.refresh_from_db(fields=["example_count"])
    return locked.example_count - before


def _gone(dataset: Dataset) -> set[str]:
    """Return the contents that were archived, changed or deleted here, which must not come back by themselves."""
    archived = dataset.archived_examples.values_list("content", flat=True)
    return set(archived.union(dataset.history.values_list("content", flat=True), all=True))
