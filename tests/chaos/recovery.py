"""How long until a job goes on elsewhere, after each kind of loss."""

import signal
import statistics
import time
from collections.abc import Callable

import redis

from tests.chaos.load import Load
from tests.chaos.system import LEASE_SECONDS, System
from tests.chaos.verdict import rows

WORKERS = ("worker_a", "worker_b", "worker_c")
_TRIES = 3
_STARTS = "SELECT started_at FROM job_attempts WHERE job_id = %s ORDER BY number"


def measure(system: System, load: Load) -> list[str]:
    """Return a line for each kind of loss: the median seconds to the next claim, and the limit."""
    found = [
        ("a pool child dies", _median(lambda: _after_child(system, load)), 5.0),
        ("a worker dies", _median(lambda: _after_worker(system, load)), LEASE_SECONDS + 5.0),
        ("the broker forgets", _median(lambda: _after_flush(system, load)), 10.0),
    ]
    return [f"{what}: claimed again after {took:.1f} s (limit {limit:.0f} s)" for what, took, limit in found]


def too_slow(lines: list[str]) -> list[str]:
    """Return the lines whose time is over its limit."""
    return [line for line in lines if float(line.split("after ")[1].split()[0]) > float(line.split("limit ")[1][:-3])]


def _median(once: Callable[[], float]) -> float:
    return statistics.median(once() for _ in range(_TRIES))


def _after_child(system: System, load: Load) -> float:
    tag = load.new_tag()
    load.submit(tag, "test-suicide", {"once": str(system.home / f"{tag}.died")})
    first, second = _starts(system, load.accepted[tag], 2)
    return second - first


def _after_worker(system: System, load: Load) -> float:
    tag = load.new_tag()
    load.submit(tag, "test-effect", {"tag": tag, "seconds": 3})
    _starts(system, load.accepted[tag], 1)
    killed = time.time()
    for name in WORKERS:
        system.signal(name, signal.SIGKILL, group=True)
    system.mend()
    return _starts(system, load.accepted[tag], 2)[1] - killed


def _after_flush(system: System, load: Load) -> float:
    for name in WORKERS:
        system.signal(name, signal.SIGSTOP, group=True)
    tag = load.new_tag()
    load.submit(tag, "test-effect", {"tag": tag})
    redis.Redis.from_url(system.state.redis_url, socket_timeout=3).flushall()
    flushed = time.time()
    for name in WORKERS:
        system.signal(name, signal.SIGCONT, group=True)
    return _starts(system, load.accepted[tag], 1)[0] - flushed


def _starts(system: System, job_id: str, number: int) -> list[float]:
    """Wait for so many attempts; return when each was started."""
    deadline = time.monotonic() + 60
    while len(found := rows(system.state.database_url, _STARTS, [job_id])) < number:
        if time.monotonic() > deadline:
            raise TimeoutError(f"{job_id} was not claimed {number} times in a minute")
        time.sleep(0.05)
    return [row[0].timestamp() for row in found]
