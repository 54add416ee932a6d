from collections.abc import Callable
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from knowledge.cache import redis_tier
from knowledge.cache.client import redis_client
from knowledge.cache.exports.manifest import folder, read_manifest
from knowledge.cache.exports.reading import examples as exported_examples
from knowledge.cache.exports.writing import write_exports
from knowledge.cache.reads import read_datasets, read_emotions, read_examples
from knowledge.cache.table_tier import database_availability
from knowledge.cache.warmup import warm_up
from knowledge.models import CachedAnswer, Dataset, Emotion, Example
from knowledge.tasks import keep_cache

Away = Callable[[], None]


@pytest.fixture
def stoicism(db: None) -> Dataset:
    dataset = Dataset.objects.create(domain_name="stoicism")
    for number in range(3):
        Example.objects.create(dataset=dataset, content=f"Question {number}", response=f"Answer {number}")
    Emotion.objects.create(name="calm", neuroscience_freq=10.0, metaphysical_freq=432.0, valence=0.5, arousal=-0.6)
    return dataset


def contents(domain: str = "stoicism") -> list[str]:
    return [row["content"] for row in read_examples(domain).rows or []]


def test_a_second_read_asks_the_database_for_the_version_alone(stoicism: Dataset) -> None:
    first = read_examples("stoicism")
    with CaptureQueriesContext(connection) as queries:
        assert read_examples("stoicism") == first
    assert len(queries) == 1


def test_a_change_is_never_answered_from_before_it(stoicism: Dataset) -> None:
    assert len(contents()) == 3
    Example.objects.create(dataset=stoicism, content="Question 3")
    assert contents()[0] == "Question 3"
    assert (read_datasets().rows or [])[0]["example_count"] == 4


def test_an_emotion_that_is_tuned_is_read_tuned(stoicism: Dataset) -> None:
    read_emotions()
    Emotion.objects.update(metaphysical_freq=528.0)
    assert (read_emotions().rows or [])[0]["metaphysical_freq"] == 528.0


def test_an_unknown_domain_has_no_rows(db: None) -> None:
    assert read_examples("alchemy").rows is None


@pytest.mark.parametrize("first", ["cached", "exported"])
def test_without_the_database_reads_come_from_the_cache_and_then_from_the_exported_files(
    first: str, database_away: Away, stoicism: Dataset
) -> None:
    write_exports()
    if first == "cached":
        expected = [read_datasets().rows, read_emotions().rows, read_examples("stoicism").rows]
    database_away()
    reads = [read_datasets(), read_emotions(), read_examples("stoicism")]
    assert [read.stale for read in reads] == [True] * 3
    if first == "cached":
        assert [read.rows for read in reads] == expected
    assert contents() == ["Question 2", "Question 1", "Question 0"]


@pytest.mark.usefixtures("redis_away")
def test_without_database_and_redis_the_exported_files_answer(database_away: Away, stoicism: Dataset) -> None:
    write_exports()
    database_away()
    assert contents() == ["Question 2", "Question 1", "Question 0"]
    assert read_examples("alchemy").rows is None


def test_when_the_database_is_back_reads_are_true_again(database_away: Away, stoicism: Dataset) -> None:
    port = connection.settings_dict["PORT"]
    write_exports()
    database_away()
    assert read_examples("stoicism").stale
    connection.settings_dict["PORT"] = port
    database_availability.forget()
    assert not read_examples("stoicism").stale


def test_only_domains_that_changed_are_exported_again(stoicism: Dataset) -> None:
    other = Dataset.objects.create(domain_name="botany")
    before = {name: domain.file for name, domain in write_exports().domains.items()}
    Example.objects.create(dataset=other, content="What is a leaf?")
    after = {name: domain.file for name, domain in write_exports().domains.items()}
    assert before["stoicism"] == after["stoicism"]
    assert before["botany"] != after["botany"]
    assert {path.name for path in folder().glob("*.jsonl")} == {*before.values(), *after.values()}


def test_exported_pages_follow_one_another(stoicism: Dataset) -> None:
    write_exports()
    first = exported_examples("stoicism", limit=2) or []
    second = exported_examples("stoicism", limit=2, before_id=first[-1]["id"]) or []
    assert [row["content"] for row in first + second] == ["Question 2", "Question 1", "Question 0"]


def test_a_torn_manifest_is_no_manifest(stoicism: Dataset) -> None:
    write_exports()
    (folder() / "manifest.json").write_text('{"written_at": 1')
    assert read_manifest().domains == {}


def test_warming_up_puts_the_catalogue_the_emotions_and_each_first_page_in_redis(stoicism: Dataset) -> None:
    warmed = warm_up()
    assert (warmed.entries, warmed.exported, warmed.away) == (3, 1, ())
    counted = redis_tier.count_entries()
    assert (counted["datasets"], counted["emotions"], counted["examples"]) == (1, 1, 1)


def test_warming_up_stops_at_its_bound(stoicism: Dataset, settings: Settings) -> None:
    settings.SHARED_CACHE_WARM_BYTES = 10
    assert warm_up(export=False).entries == 1


def test_the_command_says_what_it_warmed(stoicism: Dataset) -> None:
    told = StringIO()
    call_command("warm_cache", stdout=told)
    assert "3 entries" in told.getvalue()
    assert "1 domains exported" in told.getvalue()


def test_the_command_says_what_is_away(database_away: Away) -> None:
    database_away()
    with pytest.raises(CommandError, match="Away: database"):
        call_command("warm_cache")


def test_the_commands_count_and_invalidate(stoicism: Dataset) -> None:
    read_examples("stoicism")
    told = StringIO()
    call_command("cache_stats", stdout=told)
    assert "examples" in told.getvalue()
    told = StringIO()
    call_command("invalidate_cache", "--domain", "stoicism", stdout=told)
    assert told.getvalue() == "Removed redis: 1, table: 0.\n"
    assert not list(redis_client().scan_iter(match="test-*:cache:examples*"))


def test_the_command_refuses_a_pattern_that_cannot_be(db: None) -> None:
    with pytest.raises(CommandError, match="pattern"):
        call_command("invalidate_cache", "[x")


def test_beat_keeps_the_cache_warm_and_the_table_clear(stoicism: Dataset) -> None:
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    CachedAnswer.objects.create(query_hash="0" * 64, query_text="old", response={}, source="llm", created_at=long_ago)
    keep_cache()
    assert not CachedAnswer.objects.exists()
    assert redis_tier.count_entries()["examples"] == 1
    assert set(read_manifest().domains) == {"stoicism"}
