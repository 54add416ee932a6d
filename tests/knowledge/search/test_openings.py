"""What a text begins with counts more, where words and meaning rank together."""

import pytest

from knowledge.embedders.embedding import embed_pending
from knowledge.models import ArchivedExample
from knowledge.rotation import rotation_run
from knowledge.search.asked import Asked, Mode
from knowledge.search.openings import HALF, OPENING, openings
from knowledge.search.searching import search
from tests.knowledge.search.store import keep

pytestmark = pytest.mark.django_db


def opened(query: str, *contents: str, response: str = "") -> list[float]:
    kept = keep(*contents, response=response)
    found = openings(query, [each.pk for each in kept], archived=False)
    return [found[each.pk] for each in kept]


def test_of_two_examples_with_the_same_words_the_one_that_opens_with_those_of_the_query_comes_first() -> None:
    keep(
        "oboe reeds are cut from cane and last for about ten hours of play",
        "cane and play for about ten hours: last are cut from oboe reeds",
        "the sea is salt water", "ships sail the sea",
    )  # fmt: skip
    embed_pending()
    first, second, *_ = search(Asked("oboe reeds", Mode.HYBRID)).results
    assert (first.content[:4], second.content[:4]) == ("oboe", "cane")
    assert first.score > second.score


def test_a_word_counts_the_less_the_more_stand_before_it() -> None:
    assert opened("Oboe", "An oboe!", "the oboe", "a b c d e f g h i j k oboe", "none") == pytest.approx(
        [1, 1, (HALF + 1) / (HALF + 11), 0]
    )


def test_a_word_that_most_examples_open_with_counts_little() -> None:
    rare, common, other = opened("the oboe", "oboe", "the", "the sea")
    assert rare == 1
    assert common == other < 0.5


def test_words_count_as_they_are_written_and_only_at_the_beginning() -> None:
    far = "x " * (OPENING // 2) + "oboe"
    assert opened("oboe", "oboe", "oboes", far) == [1, 0, 0]


def test_the_response_goes_on_where_a_content_ends() -> None:
    long, short = opened("loud", "what is an oboe " + "x" * OPENING, "what is an oboe", response="loud")
    assert (long, short) == (0, 1)


def test_openings_in_the_archive_are_read_when_asked_for() -> None:
    keep("an oboe", "the sea", domain="old")
    rotation_run(domain="old", max_examples=1, actor="test")
    (archived,) = ArchivedExample.objects.values_list("pk", flat=True)
    assert archived in openings("oboe", [archived], archived=True)
    assert openings("oboe", [archived], archived=False) == {}


def test_nothing_to_read_and_nothing_asked_open_with_nothing() -> None:
    (kept,) = keep("an oboe")
    assert openings("oboe", [], archived=True) == {}
    assert openings("?!", [kept.pk], archived=False) == {kept.pk: 0}
