"""The migration that takes punctuation out of the full-text index, on examples that were there before it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command

from knowledge.models import Dataset, Example
from knowledge.rotation import rotation_run
from knowledge.search.asked import Asked
from knowledge.search.searching import search
from knowledge.search.sql import Piece, rows
from tests.knowledge.search.store import keep

pytestmark = pytest.mark.django_db(transaction=True)

BEFORE = "0016_vector_breadths"


@pytest.fixture
def back() -> Iterator[None]:
    """Take the store back to before the migration, and bring it forward again whatever happens."""
    call_command("migrate", "knowledge", BEFORE, verbosity=0)
    yield
    call_command("migrate", "knowledge", verbosity=0)


def state() -> list[tuple[Any, ...]]:
    """Return what an edit would change."""
    versions = Dataset.objects.order_by("pk").values_list("version", "updated_at", "embedded_count")
    return [*versions, *Example.objects.order_by("pk").values_list("revision", "updated_at", "embedder")]


def lexemes(table: str) -> set[str]:
    return {lexeme for (lexeme,) in rows(Piece(f"SELECT DISTINCT t.lexeme FROM {table}, unnest(search_vector) t"))}


def test_examples_and_archive_follow_and_nothing_looks_edited(back: None) -> None:
    keep("an older high-speed flow", "a high-speed flow", "a slow flow")
    rotation_run(domain="store", max_examples=2, actor="test")
    Example.objects.update(embedder="kept")
    assert "high-spe" in lexemes("examples") & lexemes("examples_archive")
    before = state()
    call_command("migrate", "knowledge", verbosity=0)
    assert state() == before
    assert "high-spe" not in lexemes("examples") | lexemes("examples_archive")
    found = search(Asked('"high speed"', archived=True)).results
    assert {each.content for each in found} == {"an older high-speed flow", "a high-speed flow"}
    call_command("migrate", "knowledge", BEFORE, verbosity=0)
    assert "high-spe" in lexemes("examples") & lexemes("examples_archive")
    assert state() == before
