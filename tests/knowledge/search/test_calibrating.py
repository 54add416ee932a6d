"""Measuring how broad a walk among the vectors must be, and searching with what was measured."""

import zlib
from collections.abc import Sequence

import numpy as np
import pytest
from django.db import connection

from jobs import runner
from jobs.models import Job
from knowledge.embedders.contract import Vectors, fitted
from knowledge.embedders.embedding import embed_pending
from knowledge.kinds.embedding import embed_enqueue
from knowledge.models import Example, VectorBreadth
from knowledge.search import calibrating, exact
from knowledge.search.asked import Asked, Filters, Mode
from knowledge.search.calibrating import LADDER, RECALL, calibrate_if_due, calibrated
from knowledge.search.exact import nearest_cosines
from knowledge.search.ranked import Ranked
from knowledge.search.searching import search
from knowledge.search.semantic import BREADTH, SemanticQuery, semantic_rank
from tests.knowledge.search.store import keep, walk_always

pytestmark = pytest.mark.django_db

TEXTS = [
    f"{color} {fruit} {thing} {number}"
    for color in ("red", "green", "blue")
    for fruit in ("apple", "pear", "plum")
    for thing in ("tree", "juice")
    for number in ("one", "two", "three", "four")
]


class Scattered:
    """Gives each text a direction of its own, drawn from ``dimensions`` of them: few lie easily, many hard."""

    def __init__(self, dimensions: int) -> None:
        self.identity = f"scattered:{dimensions}"
        self._dimensions = dimensions

    def documents(self, texts: Sequence[str]) -> Vectors:
        return fitted(np.stack([self._drawn(text) for text in texts]))

    def query(self, text: str) -> Vectors:
        return fitted(self._drawn(text)[None])

    def _drawn(self, text: str) -> Vectors:
        return np.random.default_rng(zlib.crc32(text.encode())).standard_normal(self._dimensions).astype(np.float32)


def embed(embedder: Scattered, count: int) -> Vectors:
    """Keep as many examples with vectors, and return these."""
    texts = [f"number{n} stands beside{n} place{n}" for n in range(count)]
    vectors = embedder.documents(texts)
    keep(*texts)
    examples = list(Example.objects.order_by("pk"))
    for example, vector in zip(examples, vectors, strict=True):
        example.embedding, example.embedder = vector.tolist(), embedder.identity
    Example.objects.bulk_update(examples, ["embedding", "embedder"], batch_size=500)
    return vectors


def walked_with() -> int:
    """Return the breadth of the last walk."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('hnsw.ef_search')::int")
        return int(cursor.fetchone()[0])


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calibrating, "SMALLEST", 10)


def test_the_exact_nearest_are_those_of_all_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exact, "_AT_ONCE", 7)
    embedder = Scattered(256)
    vectors = embed(embedder, 40)
    other = keep("of another embedder", domain="other")[0]
    Example.objects.filter(pk=other.pk).update(embedding=vectors[0].tolist(), embedder="other:1")
    queries = fitted(np.random.default_rng(3).standard_normal((5, 256)))
    found = np.sort(nearest_cosines(embedder.identity, queries, 3), axis=1)
    assert found == pytest.approx(np.sort(queries @ vectors.T, axis=1)[:, -3:], abs=1e-3)
    assert np.isneginf(nearest_cosines(embedder.identity, queries, 41).min(axis=1)).all()


def test_among_vectors_that_lie_easily_a_narrow_walk_is_enough() -> None:
    walk_always()
    easy = Scattered(3)
    embed(easy, 500)
    found = calibrated(easy)
    assert found is not None
    assert found.breadth == LADDER[0]


@pytest.mark.slow
def test_among_others_it_is_broader_and_fresh_questions_find_what_was_promised() -> None:
    walk_always()
    hard = Scattered(256)
    vectors = embed(hard, 1500)
    found = calibrated(hard)
    assert found is not None
    assert found.breadth > LADDER[0]
    assert RECALL <= found.at_least <= found.recall
    fresh = np.concatenate([hard.query(f"a question {n}") for n in range(200)])
    tenth = np.sort(fresh @ vectors.T, axis=1)[:, -10]
    shares = [
        sum(each.score >= limit - 1e-3 for each in walked(hard, query, found.breadth)) / 10
        for query, limit in zip(fresh, tenth, strict=True)
    ]
    assert np.mean(shares) >= 0.96


def walked(embedder: Scattered, query: Vectors, breadth: int) -> list[Ranked]:
    asked = SemanticQuery(str(query.tolist()), embedder.identity, breadth)
    return semantic_rank(asked, (), 10, archived=False, few=False)


@pytest.mark.usefixtures("small")
def test_a_search_walks_as_broadly_as_was_measured_and_with_a_filter_no_less_than_usual() -> None:
    keep(*TEXTS)
    done = embed_pending()
    assert done.calibration is not None
    assert VectorBreadth.objects.get().embedder == done.embedder
    search(Asked("red plum", Mode.SEMANTIC, limit=5))
    assert walked_with() == done.calibration.breadth
    search(Asked("red plum", Mode.SEMANTIC, limit=100))
    assert walked_with() > 100
    search(Asked("red plum", Mode.SEMANTIC, Filters(emotion="joy"), limit=5))
    assert walked_with() == BREADTH


def test_a_small_store_is_not_measured_and_walked_through_as_usual() -> None:
    keep(*TEXTS)
    assert embed_pending().calibration is None
    search(Asked("red plum", Mode.SEMANTIC))
    assert walked_with() == BREADTH


@pytest.mark.usefixtures("small")
def test_it_is_measured_anew_when_a_quarter_of_the_store_has_changed() -> None:
    keep(*TEXTS)
    assert embed_pending().calibration is not None
    assert embed_pending().calibration is None
    keep("a yellow plum")
    assert embed_pending().calibration is None
    keep(*(f"yellow {text}" for text in TEXTS[: len(TEXTS) // 4]))
    assert embed_pending().calibration is not None
    Example.objects.all().delete()
    keep("red apple", "green apple", "red pear")
    embed_pending()
    assert not VectorBreadth.objects.exists()


@pytest.mark.usefixtures("small")
def test_what_was_measured_holds_for_one_embedder_alone() -> None:
    first, second = Scattered(3), Scattered(4)
    embed(first, 30)
    assert calibrate_if_due(first) is not None
    assert calibrate_if_due(first, rebuilt=True) is not None
    Example.objects.update(embedder=second.identity)
    assert calibrate_if_due(second) is not None
    assert VectorBreadth.objects.get().embedder == second.identity


def test_nothing_can_be_measured_where_nothing_has_a_vector() -> None:
    keep(*TEXTS)
    assert calibrated(Scattered(3)) is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small")
def test_the_job_tells_what_it_found() -> None:
    keep(*TEXTS)
    embed_enqueue()
    job = Job.objects.get(kind="embed")
    runner.run(job.pk, "test:1")
    job.refresh_from_db()
    assert job.result["calibration"]["breadth"] in LADDER
    assert job.result["calibration"]["at_least"] <= job.result["calibration"]["recall"] <= 1
