"""Labelled examples from the store: those whose metadata name the emotions of their content."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.domains import dataset_get
from knowledge.emotions.dataset import Labelled, without
from knowledge.emotions.errors import TrainingDataError
from knowledge.models import Example

KEY = "emotions"
HELD_OUT_IN_A_HUNDRED = 15
LEAST_SCORE = 0.5


@dataclass(frozen=True, slots=True)
class Split:
    """Examples to learn from and examples to judge by; no text is in both."""

    train: list[Labelled]
    held_out: list[Labelled]


def curated_load(domains: Sequence[str] = ()) -> list[Labelled]:
    """Return the labelled examples of ``domains`` (of all when none is named). Raises for an unknown domain."""
    rows = Example.objects.filter(metadata__has_key=KEY).order_by("id")
    if domains:
        rows = rows.filter(dataset__in=[dataset_get(name) for name in domains])
    found = (
        Labelled(content, labels_of(metadata))
        for content, metadata in rows.values_list("content", "metadata").iterator()
    )
    return [row for row in found if row.labels]


def labels_of(metadata: Mapping[str, Any]) -> frozenset[str]:
    """Return the emotions that a curator gave: one name, a list of names, or scores by name (half and more count)."""
    return frozenset(name.strip().lower() for name in _given(metadata.get(KEY)) if name.strip())


def split(rows: Sequence[Labelled]) -> Split:
    """Hold out about one row in seven, chosen by its text alone, so that it stays held out as the store grows.

    Raises
    ------
    TrainingDataError
        There are too few rows to hold any out.
    """
    held_out = [row for row in rows if _number(row.text) < HELD_OUT_IN_A_HUNDRED]
    rest = without(rows, frozenset(row.text for row in held_out))
    if not held_out or not rest:
        raise TrainingDataError(f"{len(rows)} labelled examples are too few to learn from some and judge by others.")
    return Split(rest, held_out)


def _given(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (name for name in value if isinstance(name, str))
    elif isinstance(value, dict):
        yield from (name for name, score in value.items() if isinstance(score, int | float) and score >= LEAST_SCORE)


def _number(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:4], "big") % 100
