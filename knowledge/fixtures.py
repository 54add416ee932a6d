"""Load the emotions and demo domains that ship with the project; loading them again changes nothing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
from django.db import connection, transaction

from knowledge.acting import acting, datasets_lock
from knowledge.domains import datasets_ensure, domain_name_clean
from knowledge.models import Dataset, Emotion, Example

ACTOR = "fixtures"

# History and archive are asked for domains that were loaded before there were notes.
_NOTE = """
WITH given AS (
    SELECT content, example_content_hash(content) AS hash FROM unnest(%(contents)s::text[]) AS content
), noted AS (
    INSERT INTO fixture_examples (dataset_id, content_hash) SELECT DISTINCT %(dataset)s::bigint, hash FROM given
    ON CONFLICT DO NOTHING RETURNING content_hash
)
SELECT content FROM given JOIN noted ON content_hash = hash
WHERE content NOT IN (SELECT content FROM example_history WHERE dataset_id = %(dataset)s)
  AND NOT EXISTS (SELECT FROM examples_archive a WHERE a.dataset_id = %(dataset)s AND a.content_hash = given.hash)"""


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
    new = _new(locked, [e["content"] for e in entry["examples"]])
    rows = [
        Example(dataset=locked, content=e["content"], response=e.get("response", ""), metadata=e.get("metadata", {}))
        for e in entry["examples"]
        if e["content"] in new
    ]
    with acting(ACTOR):
        Example.objects.bulk_create(rows, ignore_conflicts=True)
    before = locked.example_count
    locked.refresh_from_db(fields=["example_count"])
    return locked.example_count - before


def _new(dataset: Dataset, contents: list[str]) -> set[str]:
    """Note what the fixtures hold, and return what was neither brought before nor archived, changed or deleted here."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, {"dataset": dataset.pk, "contents": contents})
        return {content for (content,) in cursor.fetchall()}
