"""Search: how good its rankings are, how quick, and how near the vector index comes to the exact answer.

Vectors are searched in two stores: one of synthetic examples, whose topics are equally common and independent, which is
the hard case for a graph; and one of 100,000 entries of a dictionary (`search_prose`), where apt can be had. The sizes
of the first are ``MCAI_BENCH_EXAMPLES`` (20,000 unless given; 1,000,000 is the contract's size and takes minutes to
fill) and ``MCAI_BENCH_VECTORS`` (as many as examples, 100,000 at most). Times are those spent on a core by client and
server together, since a machine is seldom idle; the clock's stand beside. It fills a stack of its own, in a home of its
own. With ``MCAI_BENCH_HOME`` that home is kept, and stores of the same sizes found there are used again.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import numpy as np

from benchmarks.report import Row

EXAMPLES = int(os.environ.get("MCAI_BENCH_EXAMPLES", "20000"))
VECTORS = int(os.environ.get("MCAI_BENCH_VECTORS", str(min(EXAMPLES, 100_000))))
KEPT_HOME = os.environ.get("MCAI_BENCH_HOME")
QUERIES = 200
NEAREST_QUERIES, NEAREST = 600, 10
"""Questions by meaning, so many that chance moves their mean recall by no more than 0.004, and results of each."""
_EMBEDDED = "CREATE TEMP TABLE embedded AS SELECT embedding FROM examples WHERE embedding IS NOT NULL"
_EXACT = "SELECT 1 - (embedding <=> %s::halfvec) AS cosine FROM embedded ORDER BY cosine DESC LIMIT %s"
_HALF = 1e-4
"""Cosines of vectors kept in half precision that differ by less are the same."""
_EMPTY = (
    "TRUNCATE examples, datasets, search_terms, search_words, search_corpus, embedder_models, vector_breadths CASCADE"
)
T = TypeVar("T")
_UNSAFE_BUT_QUICK = "fsync=off synchronous_commit=off full_page_writes=off maintenance_work_mem=1GB"


def run() -> list[Row]:
    """Measure, in a stack that is thrown away afterwards."""
    with _stack():
        return [*_quality(), *_speed(), *_prose()]


@contextmanager
def _stack() -> Iterator[None]:
    """Start a stack and Django on it."""
    os.environ["MCAI_POSTGRES_OPTIONS"] = _UNSAFE_BUT_QUICK
    from mcai_project.embedded import stack

    with _home() as home:
        os.environ["MCAI_HOME"] = home
        state = stack.start(Path(home))
        os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = state.database_url, state.redis_url
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mcai_project.settings")
        try:
            _migrate()
            yield
        finally:
            stack.stop(Path(home))


@contextmanager
def _home() -> Iterator[str]:
    if KEPT_HOME:
        yield KEPT_HOME
    else:
        with TemporaryDirectory(prefix="mcai-bench-") as home:
            yield home


def _migrate() -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def _quality() -> Iterator[Row]:
    """Compare rankings with bm25s, over the same words and over its own, in a store that is empty for that while.

    The gates are for each collection and, where questions and answers share too few words for that, for the mean.
    """
    from django.db import transaction

    from benchmarks import search_collections
    from benchmarks.search_quality import measured

    with transaction.atomic():
        _empty()
        ratios: dict[tuple[str, str], list[float]] = {}
        for collection in (search_collections.manual(), search_collections.answers()):
            found = measured(collection)
            size = f"{len(collection.documents):,} documents, {len(collection.questions):,} questions"
            for (name, value), (peer, other) in product(found.ours.items(), found.peers.items()):
                gate = 0.98 if name == "text" else 1.06 if (name, collection.name) == ("hybrid", "manual") else None
                against = f"bm25s on {peer} {other:.3f}"
                yield _ratio(f"{collection.name} ({size}): {name}", f"{value:.3f}", against, value / other, gate)
                ratios.setdefault((name, peer), []).append(value / other)
        for (name, peer), each in ratios.items():
            gate = {"text": 0.98, "hybrid": 1.06}.get(name)
            yield _ratio(
                f"mean of {len(each)} collections: {name}", "–", f"bm25s on {peer}", float(np.mean(each)), gate
            )
        transaction.set_rollback(True)


def _ratio(what: str, value: str, against: str, ratio: float, gate: float | None) -> Row:
    told = f"{against}: {ratio:.3f}×" + (f" of {gate}" if gate else "")
    return Row(f"nDCG@10, {what}", value, told, None if gate is None else ratio >= gate)


def _speed() -> Iterator[Row]:
    from benchmarks.search_corpus import Corpus, fill
    from knowledge.search.statistics import corpus_count

    if not _is_filled(EXAMPLES, VECTORS):
        _empty()
        fill(EXAMPLES, VECTORS)
        corpus_count()
    size = f"{EXAMPLES:,} examples, {VECTORS:,} vectors"
    yield from _latencies(Corpus(seed=2).queries(QUERIES), size)
    yield from _nearest(Corpus(seed=2).queries(NEAREST_QUERIES), f"{size}, the hard case")


def _prose() -> Iterator[Row]:
    """Measure on real prose, in a database of its own."""
    from benchmarks import search_prose

    found = search_prose.entries(Path(os.environ["MCAI_HOME"]) / "prose")
    if found is None:
        yield Row("semantic, real prose", "not measured", f"`apt-get download {search_prose.PACKAGE}` failed")
        return
    kept, left_out = found[: search_prose.EXAMPLES], found[search_prose.EXAMPLES :]
    with _database("prose"):
        if not _is_filled(len(kept), len(kept)):
            _empty()
            search_prose.fill(kept)
        yield from _nearest(search_prose.questions(left_out, NEAREST_QUERIES), f"{len(kept):,} entries of a dictionary")


@contextmanager
def _database(name: str) -> Iterator[None]:
    """Let Django work on another database of the same server, made if need be."""
    from django.db import connection

    if not _rows("SELECT FROM pg_database WHERE datname = %s", name):
        _execute(f"CREATE DATABASE {name}")
    usual = connection.settings_dict["NAME"]
    try:
        connection.close()
        connection.settings_dict["NAME"] = name
        _migrate()
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


def _is_filled(examples: int, vectors: int) -> bool:
    """Whether the store holds as many, a few texts without direction left aside."""
    ((held, embedded),) = _rows("SELECT count(*), count(embedding) FROM examples")
    return held == examples and 0 <= vectors - embedded < 0.001 * vectors


def _latencies(queries: Sequence[str], size: str) -> Iterator[Row]:
    from knowledge.search.asked import Asked, Filters, Mode
    from knowledge.search.searching import search

    def asked(mode: Mode, filters: Filters | None = None) -> Callable[[str], object]:
        return lambda query: search(Asked(query, mode, filters or Filters()))

    one_domain = Filters(domain="domain 07")
    for name, call in (
        ("text", asked(Mode.TEXT)),
        ("hybrid", asked(Mode.HYBRID)),
        ("text, one domain of fifty", asked(Mode.TEXT, one_domain)),
        ("hybrid, one domain of fifty", asked(Mode.HYBRID, one_domain)),
    ):
        times = _times(call, queries)
        yield Row(f"{name}, top 20 of {size}: p95 on a core", times.text(), "50 ms", times.late < 50)


def _nearest(queries: Sequence[str], size: str) -> Iterator[Row]:
    """Measure the whole search; a result is right if its cosine is no less than that of the tenth nearest."""
    from knowledge.search.asked import Asked, Mode
    from knowledge.search.searching import search
    from knowledge.search.semantic import semantic_query

    found: dict[str, list[float]] = {}

    def nearest(query: str) -> None:
        found[query] = [each.score for each in search(Asked(query, Mode.SEMANTIC, limit=NEAREST)).results]

    told = _calibration()
    meanings = {query: meaning.vector for query in queries if (meaning := semantic_query(query))}
    times = _times(nearest, list(meanings))
    _execute(_EMBEDDED)
    shares = []
    for query, vector in meanings.items():
        exact = [cosine for (cosine,) in _rows(_EXACT, vector, NEAREST)]
        shares.append(sum(cosine >= exact[-1] - _HALF for cosine in found[query]) / len(exact))
    yield Row(f"semantic, top 10 of {size}: p95 on a core", times.text(), "15 ms", times.late < 15)
    recall = float(np.mean(shares))
    measured = f"{recall:.3f} ± {np.std(shares) / len(shares) ** 0.5:.3f} ({told})"
    yield Row(f"semantic, top 10 of {size}: recall@10", measured, "exact search: 0.97", recall >= 0.97)


def _calibration() -> str:
    """Return what the store says of its own graph; it is asked first where it has not been yet."""
    from knowledge.embedders.choosing import embedder_now
    from knowledge.models import VectorBreadth
    from knowledge.search.calibrating import calibrate_if_due

    embedder = embedder_now()
    assert embedder is not None
    calibrate_if_due(embedder)
    kept = VectorBreadth.objects.filter(embedder=embedder.identity).first()
    return "not calibrated" if kept is None else f"breadth {kept.breadth}, for which {kept.recall:.3f} was foretold"


@dataclass(frozen=True, slots=True)
class _Times:
    """Times of a call in ms: on a core, client and server together, and by the clock."""

    core: list[float]
    clock: list[float]

    def text(self) -> str:
        """Return the median and the 95th percentile of both."""
        core, clock = (np.percentile(each, (50, 95)) for each in (self.core, self.clock))
        return f"{core[1]:.1f} ms (median {core[0]:.1f}; by the clock {clock[1]:.1f}, median {clock[0]:.1f})"

    @property
    def late(self) -> float:
        """Return the 95th percentile of the time on a core, which other programs do not lengthen."""
        return float(np.percentile(self.core, 95))


def _times(call: Callable[[T], object], queries: Sequence[T]) -> _Times:
    """Measure the second round of the queries."""
    for query in queries:
        call(query)
    times = _Times([], [])
    clocks = [Path("/proc/self/schedstat"), Path(f"/proc/{_backend()}/schedstat")]
    for query in queries:
        busy, began = sum(map(_busy, clocks)), time.perf_counter()
        call(query)
        times.clock.append((time.perf_counter() - began) * 1e3)
        times.core.append((sum(map(_busy, clocks)) - busy) / 1e6)
    return times


def _busy(schedstat: Path) -> int:
    """Return the nanoseconds that a process has spent on a core."""
    return int(schedstat.read_text().split()[0])


def _backend() -> int:
    return int(_rows("SELECT pg_backend_pid()")[0][0])


def _empty() -> None:
    _execute(_EMPTY)


def _rows(sql: str, *parameters: object) -> list[tuple[Any, ...]]:
    from knowledge.search.sql import Piece, rows

    return rows(Piece(sql, parameters))


def _execute(sql: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)
