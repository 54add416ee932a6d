"""Submit to finished, one at a time: ours, bare Celery, RQ with its forking worker."""

import statistics
import time
from collections.abc import Callable

from benchmarks.jobs.arena import Arena
from benchmarks.report import Row

_RUNS = 300
_ROUNDS = 3
_WARM = 50
_SETTLE = 3.0  # seconds after which a worker has done all that it does at its start


def rows(place: Arena) -> list[Row]:
    """Return the p50 of each, and ours as ratios: of the middle one of several rounds."""
    rounds = sorted(((_ours(place), _celery(place)) for _ in range(_ROUNDS)), key=lambda pair: pair[0] / pair[1])
    (ours, celery), rq = rounds[_ROUNDS // 2], _rq(place)
    return [
        Row("no-op, submit to finished, p50", _ms(ours), f"bare Celery {_ms(celery)}", ours <= 2.5 * celery),
        Row("… as a ratio to bare Celery", f"{ours / celery:.2f}×", "at most 2.5×, aim 1.5×", ours <= 2.5 * celery),
        Row("… as a ratio to RQ's forking worker", f"{ours / rq:.3f}×", f"at most 0.2× of {_ms(rq)}", ours <= rq / 5),
    ]


def _ours(place: Arena) -> float:
    with place.program("celery", "-A", "mcai_project", "worker", "-Q", "data", "-c", "1", "--without-mingle"):
        time.sleep(_SETTLE)
        return float(place.run("-m", "benchmarks.jobs.submitter", str(_RUNS), str(_WARM)))


def _celery(place: Arena) -> float:
    from benchmarks.jobs import peers

    peers.celery.conf.broker_url = place.state.redis_url
    argv = ["celery", "-A", "benchmarks.jobs.peers:celery", "worker", "-Q", "bench-celery", "-c", "1"]
    with place.program(*argv, "--without-mingle"):
        time.sleep(_SETTLE)
        return _one_by_one(place, lambda number: peers.celery_noop.apply_async((number,), queue="bench-celery"))


def _rq(place: Arena) -> float:
    from rq import Queue

    from benchmarks.jobs import peers

    queue = Queue("bench-rq", connection=place.client())
    with place.program("rq", "worker", "--url", place.state.redis_url, "--quiet", "bench-rq"):
        time.sleep(_SETTLE)
        return _one_by_one(place, lambda number: queue.enqueue(peers.rq_noop, number), runs=60, warm=5)


def _one_by_one(place: Arena, send: Callable[[int], object], runs: int = _RUNS, warm: int = _WARM) -> float:
    """Send one, wait for its word, send the next; return the median of the seconds between."""
    client, times = place.client(), []
    for number in range(warm + runs):
        begun = time.time()
        send(number)
        _, word = client.blpop(["bench:done"], timeout=30)  # type: ignore[misc]
        times.append(float(word.split(b":")[1]) - begun)
    return statistics.median(times[warm:])


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.2f} ms"
