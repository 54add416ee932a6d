"""The shared cache: a cached answer at the server, the hit rate of a Zipf mix, a cold stampede, its size in Redis."""

import json
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.report import Row

_PREFIX = f"bench-{uuid.uuid4().hex[:8]}"
_QUESTIONS, _ASKED, _ZIPF = 1_000, 10_000, 1.0
_MOON = "How far away is the Moon?"
_DEMO_BOUND = 5_000_000
_WARM_READS, _ROUNDS = 500, 10
_OVERHEAD = 2.0


def run() -> list[Row]:
    """Run on an embedded stack of the benchmarks' own."""
    with tempfile.TemporaryDirectory() as home:
        return _on_a_stack(Path(home))


def _on_a_stack(home: Path) -> list[Row]:
    from mcai_project.embedded import stack

    state = stack.start(home)
    os.environ |= {"DATABASE_URL": state.database_url, "REDIS_URL": state.redis_url, "MCAI_HOME": str(home)}
    os.environ |= {"SHARED_CACHE_PREFIX": _PREFIX, "DJANGO_SETTINGS_MODULE": "mcai_project.settings"}
    try:
        return _measured()
    finally:
        stack.stop(home)


def _measured() -> list[Row]:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("load_fixtures")
    return [*_demo_size(), *_cached_answer(), *_zipf(), *_stampede(), *_single_get()]


def _demo_size() -> list[Row]:
    """Return what the warm cache of the demo corpus weighs, by Redis's own count."""
    from knowledge.cache.client import redis_client
    from knowledge.cache.warmup import warm_up

    warmed = warm_up()
    size = sum(int(redis_client().memory_usage(name) or 0) for name in redis_client().scan_iter(f"{_PREFIX}:*"))
    return [
        Row(f"demo corpus in Redis, {warmed.entries} entries", f"{size / 1e6:.2f} MB", "< 5 MB", size < _DEMO_BOUND)
    ]


def _cached_answer() -> list[Row]:
    """Return the time of a cached answer: through the whole view, and without the framework around it."""
    from django.contrib.auth.models import User
    from rest_framework.test import APIClient

    from jobs.keys import key_create
    from knowledge.answers.asking import Ask, ask
    from knowledge.sources.contract import Question

    row, key = key_create(owner=User.objects.create_user("bench"), name="bench")
    row.requests_per_minute = 1_000_000
    row.save()
    client = APIClient(headers={"Authorization": f"Bearer {key}"}, HTTP_HOST="localhost")
    inner = _times(lambda: ask(Ask(Question(_MOON))), _WARM_READS)
    outer = _times(lambda: client.post("/api/knowledge/query", {"query": _MOON}, format="json"), _WARM_READS)
    return [
        Row(
            "cached answer, p95 of the quietest of 10 rounds (p50)",
            _p95(inner),
            "< 10 ms",
            _quantile(inner) < 10,
        ),
        Row("the same through the API view", _p95(outer), "< 50 ms", _quantile(outer) < 50),
        _cpu_row("cached answer, CPU", lambda: ask(Ask(Question(_MOON))), 1.0),
        _cpu_row("the same through WSGI, all middlewares and the rate limit, CPU", _through_wsgi(key), 3.0),
    ]


def _cpu_row(name: str, work: Callable[[], object], bound: float) -> Row:
    cpu = min(_cpu(work, _WARM_READS // _ROUNDS) for _ in range(_ROUNDS))
    return Row(f"{name}, quietest of {_ROUNDS} rounds", f"{cpu:.2f} ms", f"< {bound:g} ms", cpu < bound)


def _cpu(work: Callable[[], object], count: int) -> float:
    """Return milliseconds of processor time, of this process."""
    began = time.process_time()
    for _ in range(count):
        work()
    return (time.process_time() - began) / count * 1e3


def _through_wsgi(key: str) -> Callable[[], object]:
    """Return a call of the application as a web server makes it."""
    from django.core.wsgi import get_wsgi_application
    from django.test import RequestFactory

    application = get_wsgi_application()
    asked: dict[str, Any] = {"data": {"query": _MOON}, "content_type": "application/json", "HTTP_HOST": "localhost"}

    def ask() -> None:
        request = RequestFactory().post("/api/knowledge/query", **asked, HTTP_AUTHORIZATION=f"Bearer {key}")
        told: list[str] = []
        answer = application(request.environ, lambda status, _headers: told.append(status))
        b"".join(answer)
        answer.close()
        assert told == ["200 OK"]

    return ask


def _zipf() -> list[Row]:
    """Return the hit rate of 10,000 questions drawn by Zipf's law from 1,000, on a cache that begins empty."""
    from knowledge.cache import stats
    from knowledge.cache.invalidation import invalidate_everything
    from knowledge.cache.keys import make_key
    from knowledge.cache.shared import Computed, remember

    invalidate_everything()
    stats.reset()
    weights = 1 / np.arange(1, _QUESTIONS + 1) ** _ZIPF
    drawn = np.random.default_rng(5).choice(_QUESTIONS, size=_ASKED, p=weights / weights.sum())
    began = time.process_time()
    for number in drawn:
        key = make_key("query", {"query": f"question {number}"}, version="1")
        remember(key, lambda: Computed({"answer": "x" * 300, "source": "dataset"}), dict)
    each = (time.process_time() - began) / _ASKED * 1e3
    rate = stats.snapshot()["query"]["hit_rate"]
    return [Row("hit rate, Zipf, 10,000 over 1,000", f"{rate:.1%}, {each:.2f} ms CPU each", "> 80%", rate > 0.8)]


def _stampede() -> list[Row]:
    """Return how often 200 askers in 8 processes compute one cold key."""
    import subprocess

    with tempfile.TemporaryDirectory() as folder:
        argv = [sys.executable, "-m", "tests.knowledge.cache.stampede", folder, "8", "25"]
        subprocess.run(argv, check=True, env=os.environ | {"SHARED_CACHE_PREFIX": f"{_PREFIX}-s"})
        computed = len((Path(folder) / "computed").read_text().splitlines())
        answered = len((Path(folder) / "answers").read_text().splitlines())
    told = f"{computed} computed, {answered} answered"
    return [Row("cold stampede of 200 in 8 processes", told, "1 computed", (computed, answered) == (1, 200))]


def _single_get() -> list[Row]:
    """Return the time of a hit beside a bare GET and JSON decode of the same entry."""
    from knowledge.cache import tiers
    from knowledge.cache.client import redis_client
    from knowledge.cache.entry import Entry
    from knowledge.cache.keys import make_key
    from knowledge.cache.redis_tier import entry_key
    from knowledge.cache.shared import Computed, remember

    key = make_key("query", {"query": "one page"}, version="1")
    tiers.keep(key, Entry([{"content": "x" * 500}] * 100, time.time(), 3600.0))

    def never() -> Computed:
        raise AssertionError

    def bare() -> object:
        return json.loads(bytes(redis_client().get(entry_key(key))))  # type: ignore[arg-type]

    # In turns, so that a busy machine slows both alike.
    pairs = [(_times(lambda: remember(key, never, list), 20), _times(bare, 20)) for _ in range(_ROUNDS)]
    ratio = statistics.median(statistics.median(ours) / statistics.median(theirs) for ours, theirs in pairs)
    told = f"a bare GET and json.loads, at most {_OVERHEAD:g}×"
    return [Row("a hit of 52 kB, checked and counted", f"{ratio:.2f}×", told, ratio <= _OVERHEAD)]


def _times(work: Callable[[], object], count: int) -> list[float]:
    """Return milliseconds, after a warm-up."""
    for _ in range(20):
        work()
    measured = []
    for _ in range(count):
        began = time.perf_counter()
        work()
        measured.append((time.perf_counter() - began) * 1e3)
    return measured


def _quantile(times: list[float]) -> float:
    """Return the 95th percentile of the quietest round: what the work takes, not what the neighbours do."""
    return min(float(np.quantile(part, 0.95)) for part in np.array_split(times, _ROUNDS))


def _p95(times: list[float]) -> str:
    return f"{_quantile(times):.2f} ms ({statistics.median(times):.2f})"
