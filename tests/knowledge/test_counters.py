"""The counters, version and history of a domain stay true whatever path writes."""

import hashlib
import io

import pytest
from django.db import IntegrityError, connection, transaction

from knowledge.acting import acting
from knowledge.models import ArchivedExample, Dataset, DatasetStats, Example, ExampleHistory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea() -> Dataset:
    return Dataset.objects.create(domain_name="tea")


def counted(dataset: Dataset) -> tuple[int, int, int]:
    dataset.refresh_from_db()
    return dataset.example_count, dataset.embedded_count, dataset.content_bytes


def really(dataset: Dataset) -> tuple[int, int, int]:
    rows = list(dataset.examples.values_list("content", "response", "embedding"))
    sizes = sum(len(content.encode()) + len(response.encode()) for content, response, _ in rows)
    return len(rows), sum(e is not None for *_, e in rows), sizes


def test_every_way_of_writing_is_counted(tea: Dataset) -> None:
    Example.objects.create(dataset=tea, content="Grüner Tee", response="80 °C")
    Example.objects.bulk_create([Example(dataset=tea, content=f"tea {i}") for i in range(20)])
    with connection.cursor() as cursor:
        cursor.copy_expert(
            "COPY examples (dataset_id, content) FROM STDIN", io.StringIO(f"{tea.pk}\tcopied\n{tea.pk}\ttoo\n")
        )
    Example.objects.filter(content__in=["tea 1", "tea 2"]).delete()
    Example.objects.filter(content="tea 3").update(response="a longer response")
    Example.objects.filter(content="tea 4").update(embedding=[0.5] * 256, embedder="test")
    assert counted(tea) == really(tea)
    assert tea.example_count == 21 and tea.embedded_count == 1


def test_the_version_rises_once_a_statement_and_not_when_nothing_changed(tea: Dataset) -> None:
    Example.objects.bulk_create([Example(dataset=tea, content=f"tea {i}") for i in range(20)])
    assert counted(tea) and tea.version == 1
    Example.objects.filter(content="tea 3").update(response="")
    assert counted(tea) and tea.version == 1
    Example.objects.filter(content__startswith="tea").update(response="hot")
    assert counted(tea) and tea.version == 2


def test_an_example_that_moves_is_counted_where_it_is(tea: Dataset) -> None:
    coffee = Dataset.objects.create(domain_name="coffee")
    Example.objects.bulk_create([Example(dataset=tea, content=c) for c in ("oolong", "espresso")])
    Example.objects.filter(content="espresso").update(dataset=coffee)
    assert counted(tea) == really(tea) and counted(coffee) == really(coffee) == (1, 0, 8)
    assert (tea.version, coffee.version) == (2, 1)


def test_a_change_is_kept_in_the_history_with_its_author(tea: Dataset) -> None:
    example = Example.objects.create(dataset=tea, content="oolong", response="old")
    with transaction.atomic(), acting("alice"):
        Example.objects.filter(pk=example.pk).update(response="new")
        example.delete()
    states = ExampleHistory.objects.order_by("until_revision").values_list("action", "response", "changed_by")
    assert list(states) == [("update", "old", "alice"), ("delete", "new", "alice")]
    first, second = ExampleHistory.objects.order_by("until_revision")
    assert first.until_revision == second.revision and (first.version, second.version) == (2, 3)


def test_a_changed_content_loses_its_embedding_and_gains_a_date(tea: Dataset) -> None:
    example = Example.objects.create(dataset=tea, content="oolong", embedding=[0.1] * 256, embedder="test")
    Example.objects.filter(pk=example.pk).update(metadata={"tags": ["half fermented"]})
    example.refresh_from_db()
    assert example.embedding is not None and example.updated_at > example.created_at
    Example.objects.filter(pk=example.pk).update(response="Between green and black.")
    example.refresh_from_db()
    assert example.embedding is None and example.embedder is None


def test_the_same_content_twice_is_a_duplicate_however_it_is_spaced(tea: Dataset) -> None:
    example = Example.objects.create(dataset=tea, content="  Caf\u00e9 or\n tea \\ water? ")
    digest = hashlib.sha256("Caf\u00e9 or tea \\ water?".encode()).digest()
    assert bytes(example.content_hash) == digest
    with pytest.raises(IntegrityError), transaction.atomic():
        Example.objects.create(dataset=tea, content="Cafe\u0301 or tea \\ water?", response="another")


def test_truncation_leaves_no_stale_counter(tea: Dataset) -> None:
    Example.objects.create(dataset=tea, content="oolong")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE examples")
    assert counted(tea) == (0, 0, 0) and tea.version == 2


def test_the_stats_view_says_what_is_there(tea: Dataset) -> None:
    assert DatasetStats.objects.get(domain_name="tea").oldest is None
    first = Example.objects.create(dataset=tea, content="oolong")
    stats = tea.stats
    stats.refresh_from_db()
    assert (stats.examples, stats.archived, stats.with_embedding, stats.bytes) == (1, 0, 0, 6)
    assert stats.oldest == stats.newest == first.created_at
    assert not ArchivedExample.objects.exists()
