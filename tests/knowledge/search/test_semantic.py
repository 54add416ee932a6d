"""Searching by meaning, and by words and meaning together."""

import numpy as np
import pytest
from pytest_django import Settings

from knowledge.embedders.choosing import embedder_now
from knowledge.embedders.embedding import embed_pending
from knowledge.embedders.lsa.bags import bags_of_examples, bags_of_texts
from knowledge.models import ArchivedExample, Example, VectorBreadth
from knowledge.rotation import rotation_run
from knowledge.search import semantic
from knowledge.search.asked import Asked, Filters, Mode
from knowledge.search.searching import search
from knowledge.search.semantic import SemanticQuery, semantic_moved
from tests.knowledge.search.store import keep, walk_always

pytestmark = pytest.mark.django_db

SEA = [
    "the sea is salt water", "ships sail the sea", "waves of the sea break on the shore",
    "the tide is water that moves",
    "ships float on water", "a shore is where water meets land", "waves are water that moves",
]  # fmt: skip
MUSIC = [
    "a violin plays music", "music is made of notes", "a piano plays notes", "a violin and a piano play music",
    "notes are written on a staff", "the staff of a piano piece", "an orchestra plays music with a violin",
]  # fmt: skip


def found(query: str, mode: Mode = Mode.SEMANTIC, **filters: str) -> list[str]:
    return [each.content for each in search(Asked(query, mode, Filters(**filters))).results]  # type: ignore[arg-type]


def test_examples_that_say_it_in_other_words_are_found() -> None:
    keep(*SEA, *MUSIC)
    embed_pending()
    nearest = found("orchestra")[:4]
    assert set(nearest) <= set(MUSIC)
    assert sum("orchestra" in content for content in nearest) == 1


def test_hybrid_search_puts_the_literal_match_first_and_its_relatives_next() -> None:
    keep(*SEA, *MUSIC)
    embed_pending()
    both = found("orchestra", Mode.HYBRID)
    assert both[0].startswith("an orchestra")
    assert both[1] in MUSIC


@pytest.mark.parametrize("mode", [Mode.SEMANTIC, Mode.HYBRID])
def test_without_vectors_a_search_goes_by_words_and_says_so(mode: Mode) -> None:
    keep(*SEA)
    page = search(Asked("ships", mode))
    assert page.mode is Mode.TEXT
    assert {each.content for each in page.results} == {"ships sail the sea", "ships float on water"}


def test_a_search_answers_while_the_embedder_is_changed_by_the_vectors_of_the_new_one_alone() -> None:
    keep(*SEA)
    embed_pending()
    before = embedder_now()
    keep(*MUSIC)
    Example.objects.filter(content__in=MUSIC).update(embedding=[1.0] + [0.0] * 255, embedder="other:1")
    assert before is not None
    assert set(found("violin water")) <= set(SEA)


def test_a_narrow_walk_goes_on_past_vectors_of_another_embedder() -> None:
    keep(*SEA, *MUSIC)
    embed_pending()
    embedder = embedder_now()
    assert embedder is not None
    VectorBreadth.objects.create(
        embedder=embedder.identity, breadth=20, recall=1, at_least=1, questions=1, vectors=1, revision=1
    )
    near = embedder.query("violin water")[0] + np.random.default_rng(1).normal(0, 1e-3, (80, 256))
    for example, vector in zip(keep(*(f"foreign {n}" for n in range(80))), near, strict=True):
        Example.objects.filter(pk=example.pk).update(embedding=vector.tolist(), embedder="other:1")
    walk_always()
    assert set(found("violin water")) == {*SEA, *MUSIC}


def test_a_hybrid_search_compares_with_a_query_that_has_moved_to_the_best() -> None:
    first, second, third = keep("one", "two", "three")
    for example, place in ((first, 0), (second, 1), (third, 2)):
        Example.objects.filter(pk=example.pk).update(embedding=unit(place), embedder="axes:1")
    query = SemanticQuery(f"[{','.join(map(str, unit(0)))}]", "axes:1")
    moved = semantic_moved(query, [second.pk], [first.pk, second.pk, third.pk], archived=True)
    assert moved == pytest.approx({first.pk: 17**-0.5, second.pk: 4 * 17**-0.5, third.pk: 0.0}, abs=1e-3)
    unmoved = semantic_moved(query, [], [first.pk, second.pk], archived=False)
    assert unmoved == pytest.approx({first.pk: 1.0, second.pk: 0.0}, abs=1e-3)


def test_the_embedder_reads_the_words_that_the_index_holds() -> None:
    text = "a “high-speed” flow—see flow/high_speed.txt: 3.5%"
    keep(text)
    (held,), (read,) = bags_of_examples(1, 10), bags_of_texts([text])
    assert dict(zip(held.lexemes, held.counts, strict=True)) == dict(zip(read.lexemes, read.counts, strict=True))
    assert {"high", "speed", "flow", "3.5"} <= set(held.lexemes)


def unit(place: int) -> list[float]:
    return [float(n == place) for n in range(256)]


def test_a_hybrid_search_looks_in_the_archive_when_asked_to() -> None:
    keep("an oboe plays music", "an oboe plays music of the sea", domain="old")
    keep(*SEA, *MUSIC)
    embed_pending()
    rotation_run(domain="old", max_examples=1, actor="test")
    (archived,) = ArchivedExample.objects.values_list("content", flat=True)
    both = search(Asked("oboe music", Mode.HYBRID, archived=True))
    assert (both.mode, {each.content for each in both.results[:2]} & {archived}) == (Mode.HYBRID, {archived})
    assert {each.archived for each in both.results} == {True, False}
    assert archived not in found("oboe music", Mode.HYBRID)


@pytest.mark.parametrize("only", [{"domain": "songs"}, {"emotion": "joy"}], ids=["looked at one by one", "walked to"])
def test_a_filter_never_starves_a_semantic_search(only: dict[str, str]) -> None:
    keep(*(f"{content} {n}" for content in SEA for n in range(40)), domain="sea")
    keep("the music of the sea", domain="songs", metadata={"emotions": ["joy"]})
    embed_pending()
    walk_always()
    assert found("sea water", **only) == ["the music of the sea"]


def test_what_no_walk_reaches_is_found_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(*(f"{content} {n}" for content in SEA for n in range(40)), domain="sea")
    keep("the music of the sea", "music on the shore", domain="songs", metadata={"emotions": ["joy"]})
    embed_pending()
    walk_always()
    monkeypatch.setattr(semantic, "MOST_SCANNED", 1)
    monkeypatch.setattr(semantic, "BREADTH", 10)
    assert set(found("sea water", emotion="joy")) == {"the music of the sea", "music on the shore"}


def test_a_minus_holds_for_meaning_too() -> None:
    keep(*MUSIC)
    embed_pending()
    assert not any("piano" in content for content in found("violin -piano"))


def test_an_unreachable_embedder_leaves_the_words(settings: Settings) -> None:
    keep(*SEA)
    settings.EMBEDDER, settings.EMBEDDER_MODEL, settings.EMBEDDER_URL = "openai", "m", "http://127.0.0.1:9/v1"
    Example.objects.update(embedding=[1.0] + [0.0] * 255, embedder="openai:m:256")
    page = search(Asked("ships", Mode.HYBRID))
    assert page.mode is Mode.TEXT
    assert len(page.results) == 2
