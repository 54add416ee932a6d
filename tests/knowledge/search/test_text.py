"""Searching by words."""

import math

import pytest

from knowledge.models import ArchivedExample
from knowledge.rotation import rotation_run
from knowledge.search.asked import Asked, Filters
from knowledge.search.searching import Page, search
from knowledge.search.text import text_query, text_rank
from tests.knowledge.search.store import keep

pytestmark = pytest.mark.django_db


def found(query: str, **asked: object) -> list[str]:
    return contents(search(Asked(query, **asked)))  # type: ignore[arg-type]


def contents(page: Page) -> list[str]:
    return [each.content for each in page.results]


def test_the_score_is_bm25_to_the_last_digit() -> None:
    texts = ["red red red pear", "green apple pear plum", "red plum", "yellow banana", "banana split with banana"]
    keep(*texts)
    documents = [text.replace("with ", "").split() for text in texts]
    query = text_query("red apple")
    ranked = text_rank(query, 10, archived=False)
    expected = sorted((bm25(documents, ["red", "apple"], d) for d in documents), reverse=True)
    assert [each.score for each in ranked] == pytest.approx([score for score in expected if score > 0], rel=1e-6)


def bm25(documents: list[list[str]], query: list[str], document: list[str]) -> float:
    """Textbook BM25 with Lucene's idf, k1 = 2 and b = 0.6."""
    mean = sum(map(len, documents)) / len(documents)
    total = 0.0
    for word in query:
        held, times = sum(word in d for d in documents), document.count(word)
        idf = math.log(1 + (len(documents) - held + 0.5) / (held + 0.5))
        total += idf * times / (times + 2 * (0.4 + 0.6 * len(document) / mean))
    return total


@pytest.mark.parametrize("times", [1, 2, 7, 40, 255])
def test_occurrences_are_counted_up_to_the_255_that_postgres_keeps(times: int) -> None:
    from knowledge.search.sql import Piece, rows

    counted = rows(
        Piece("SELECT search_term_frequency(v, 'bell'), search_length(v, 'bell') FROM to_tsvector('english', %s) v",
              ("tower " + "bell " * times,))
    )  # fmt: skip
    assert counted == [(times, pytest.approx(times + 1))]


def test_a_question_finds_the_best_match_though_no_example_has_all_its_words() -> None:
    keep("The moon pulls the sea, which makes the tides.", "A recipe for bread.", "Why is the sky blue?")
    assert found("Could you please explain to me why the tides follow the moon?")[0].startswith("The moon")


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    keep(*(f"music lesson {n}" for n in range(30)), "a lute")
    assert found("lute music")[0] == "a lute"


def test_words_that_stand_together_as_asked_count_more() -> None:
    keep("a speed that has no sound", "sound that has no speed", "the speed of sound", "the sound of speed")
    assert found("tell me the speed of sound")[0] == "the speed of sound"


def test_a_word_said_twice_counts_once() -> None:
    keep("lute", "drum", "lute and drum")
    once, twice = search(Asked("lute drum")).results, search(Asked("lute drum lute")).results
    assert [each.score for each in once if each.content == "lute"] == [
        each.score for each in twice if each.content == "lute"
    ]


def test_words_of_the_response_are_found_too() -> None:
    keep("What is it?", response="A theremin.")
    assert found("theremin") == ["What is it?"]


def test_a_phrase_must_be_there() -> None:
    keep("sound wave", "wave of sound", "sound of a wave")
    assert found('"sound wave"') == ["sound wave"]


def test_one_of_two_phrases_must_be_there() -> None:
    keep("sound wave here", "light wave here", "heat wave here")
    assert set(found('"sound wave" OR "light wave"')) == {"sound wave here", "light wave here"}


def test_what_follows_a_minus_is_left_out() -> None:
    keep("cats and dogs", "cats alone")
    assert found("cats -dogs") == ["cats alone"]


@pytest.mark.parametrize("query", ['"', "-", "OR", "a'b", "\\", "& | !", ":*", '-"', "the", "<->", "'; DROP", "日本語"])
def test_no_query_is_an_error(query: str) -> None:
    keep("cats and dogs")
    assert found(query) == []


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("the high-speed flow", "speed"),
        ("see sound/wave_speed.txt", "wave"),
        ("ask help@acoustics.example", "acoustics"),
        ("numpy.fft.rfft does it", "fft"),
        ("a “quoted” word—and more", "quoted"),
        ("a word—dashed", "dashed"),
        ("List<Bell> of them", "bell"),
        ("tuned to 432.5 Hz", "432.5"),
        ("tuned to 432.", "432"),
        ("Euler’s formula", "euler"),
    ],
)
def test_punctuation_glues_no_words_together(text: str, query: str) -> None:
    keep(text, "something else, at 5 Hz")
    assert found(query) == [text]
    assert found(f'"{query}"') == [text]


def test_a_compound_asked_for_finds_it_in_any_spelling() -> None:
    keep("the high-speed flow", "the high speed flow", "at high and low speed")
    assert set(found('"high-speed"')) == {"the high-speed flow", "the high speed flow"}


def test_marks_stand_where_the_words_stand_in_the_text() -> None:
    keep("A “high-speed” flow: see flow/high_speed.txt, e.g. 3.5%!")
    (only,) = search(Asked("high speed 3.5")).results
    marked = "A “<mark>high</mark>-<mark>speed</mark>” flow: see flow/<mark>high</mark>_<mark>speed</mark>.txt, "
    assert only.snippet == marked + "e.g. <mark>3.5</mark>%!"


def test_parts_of_a_long_text_are_shown_as_they_are_written() -> None:
    keep(
        "Said she: “wait… what?” (twice). " * 30
        + "A high-speed flow. "
        + "Nothing, really; no. " * 150
        + "Mean flow/drag!"
    )
    (only,) = search(Asked("flow drag")).results
    first, last = only.snippet.split(" … ")
    assert "A high-speed <mark>flow</mark>." in first
    assert last.endswith("no. Mean <mark>flow</mark>/<mark>drag</mark>!")


def test_words_that_were_found_are_marked_and_the_rest_is_escaped() -> None:
    keep("Is 1 < 2 & are <b>cats</b> animals?")
    (only,) = search(Asked("cat")).results
    assert "<mark>cats</mark>" in only.snippet
    assert "&lt;b&gt;" in only.snippet
    assert "&amp;" in only.snippet


def test_pages_go_on_where_the_last_one_ended() -> None:
    keep(*(f"cat {'and ' * n} number {n}" for n in range(7)))
    first = search(Asked("cat", limit=3))
    assert first.next_offset == 3
    second = search(Asked("cat", limit=3, offset=3))
    last = search(Asked("cat", limit=3, offset=6))
    assert len({*contents(first), *contents(second), *contents(last)}) == 7
    assert last.next_offset is None


def test_a_filter_is_never_starved_by_examples_that_it_keeps_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.search.text.BUDGET", 5)
    monkeypatch.setattr("knowledge.search.text.MOST_CANDIDATES", 50)
    keep(*(f"green tea number {n}" for n in range(60)), domain="drinks")
    keep("tea ceremony", domain="rites")
    assert found("green tea", filters=Filters(domain="rites")) == ["tea ceremony"]


def test_candidates_of_a_large_store_are_chosen_by_its_rare_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.search.text.BUDGET", 5)
    monkeypatch.setattr("knowledge.search.text.MOST_CANDIDATES", 10)
    keep(*(f"common word {n}" for n in range(60)), "a zither among common words")
    assert found("common zither")[0] == "a zither among common words"


def test_the_archive_is_searched_when_asked_for() -> None:
    keep("an old lyre", "a new lyre")
    rotation_run(domain="store", max_examples=1, actor="test")
    (archived,) = ArchivedExample.objects.values_list("content", flat=True)
    assert archived not in found("lyre")
    assert archived in found("lyre", archived=True)


def test_an_example_is_found_as_soon_as_it_is_there_and_not_when_it_is_gone() -> None:
    keep("a first word")
    assert found("ocarina") == []
    (added,) = keep("an ocarina")
    assert found("ocarina") == ["an ocarina"]
    added.delete()
    assert found("ocarina") == []


@pytest.mark.parametrize(
    ("typed", "meant"), [("acustics", "acoustics"), ("acoutsics", "acoustics"), ("harmonoy", "harmony")]
)
def test_a_misspelt_word_gets_the_nearest_one_suggested(typed: str, meant: str) -> None:
    keep("acoustics of rooms", "harmony and counterpoint")
    assert search(Asked(typed)).suggestion == meant


def test_nothing_is_suggested_for_what_is_near_to_nothing() -> None:
    keep("acoustics of rooms")
    assert search(Asked("qqqqqqqq")).suggestion is None


def test_a_pasted_page_is_searched_for_by_its_rarest_words() -> None:
    keep(*(f"letter {n}" for n in range(50)), "a dulcimer")
    page = "dulcimer " + " ".join(f"word{n}" for n in range(60)) + " letter"
    assert found(page)[0] == "a dulcimer"
