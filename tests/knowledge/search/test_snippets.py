"""The parts of long texts that are shown, and the words marked in them."""

import re

import pytest

from knowledge.search.asked import Asked
from knowledge.search.searching import search
from knowledge.search.snippets import BETWEEN, Met, snippet
from tests.knowledge.search.store import keep

FILLER = "lorem ipsum dolor sit amet " * 40


def shown(text: str, *words: str) -> str:
    met = [Met(*found.span(), found[0]) for found in re.finditer("|".join(words), text)] if words else []
    return snippet(text, met)


def test_a_short_text_is_shown_whole_and_escaped() -> None:
    assert shown("a < b & bell", "bell") == "a &lt; b &amp; <mark>bell</mark>"


def test_a_long_text_without_any_of_the_words_is_shown_from_its_beginning() -> None:
    whole = shown("First words. " + FILLER)
    assert whole.startswith("First words. lorem")
    assert 150 < len(whole) <= 222
    assert re.search(r" (lorem|ipsum|dolor|sit|amet) …$", whole)


def test_the_part_that_holds_most_of_the_words_is_shown_first_of_all() -> None:
    text = f"bell {FILLER} bell bell {FILLER} bell tower {FILLER} bell {FILLER}"
    parts = shown(text, "bell", "tower").split(BETWEEN)
    assert len(parts) == 2
    assert "<mark>bell</mark> <mark>tower</mark>" in parts[1]
    assert "<mark>bell</mark> <mark>bell</mark>" in parts[0]


def test_words_far_apart_are_both_shown() -> None:
    first, last = shown(f"{FILLER} bell {FILLER} tower {FILLER}", "bell", "tower").split(BETWEEN)
    assert "<mark>bell</mark>" in first
    assert "<mark>tower</mark>" in last


@pytest.mark.parametrize("place", [0, 150, 299, 5_000])
def test_a_text_without_blanks_is_cut_somewhere_around_the_word(place: int) -> None:
    text = "x" * place + "bell" + "x" * (5_000 - place)
    part = shown(text, "bell")
    assert "<mark>bell</mark>" in part
    assert len(part) < 300


def test_an_ellipsis_tells_where_something_is_left_out() -> None:
    assert shown(f"bell {FILLER}", "bell").startswith("<mark>bell</mark>")
    assert shown(f"{FILLER} bell", "bell").endswith("<mark>bell</mark>")
    middle = shown(f"{FILLER} bell {FILLER}", "bell")
    assert (middle[:2], middle[-2:]) == ("… ", " …")


def test_parts_do_not_overlap_and_keep_the_order_of_the_text() -> None:
    text = " ".join(f"{n} bell" for n in range(400))
    numbers = [int(each) for each in re.findall(r"\d+", shown(text, "bell"))]
    assert numbers == sorted(set(numbers))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "query", "marked"),
    [
        ("Dying stars, and how they died", "die", "<mark>Dying</mark> stars, and how they <mark>died</mark>"),
        ("the skies over a sky", "sky", "the <mark>skies</mark> over a <mark>sky</mark>"),
        ("RINGING rings, string", "ring", "<mark>RINGING</mark> <mark>rings</mark>, string"),
        ("the 3.5 of 35 and 3", "3.5", "the <mark>3.5</mark> of 35 and 3"),
        ("Ästhetik, ästhetisch", "Ästhetik", "<mark>Ästhetik</mark>, ästhetisch"),
        ("a nation and Nations", "nations -state", "a <mark>nation</mark> and <mark>Nations</mark>"),
    ],
)
def test_all_forms_that_the_index_knows_are_marked(text: str, query: str, marked: str) -> None:
    keep(text)
    assert [each.snippet for each in search(Asked(query)).results] == [marked]
