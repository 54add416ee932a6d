"""What measuring costs: the same requests, in short turns, to a web server with metrics and to one without."""

import json
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import httpx
import psutil

from benchmarks.jobs.arena import OUR_SERVER, Arena, arena
from benchmarks.jobs.hammer import hammer, request_bytes
from benchmarks.pairs import effect
from benchmarks.report import Row

_CONNECTIONS, _SECONDS, _PAIRS = 8, 1.0, 100
_MOST = 0.03
_JSON = {"Content-Type": "application/json"}
_BATCH = json.dumps({"jobs": [{"kind": "test-noop", "body": {}}]}).encode()


class Side:
    """One of the two servers, and what it was seen to do."""

    def __init__(self, url: str, master: psutil.Process) -> None:
        self.url = url
        self._master = master
        self.rates: list[float] = []  # answers a second
        self.costs: list[float] = []  # processor seconds of the server an answer

    def hammer(self, request: bytes, expect: int) -> None:
        """Send the request for a while."""
        before = self._seconds()
        tally = hammer(self.url, request, connections=_CONNECTIONS, seconds=_SECONDS, expect=expect)
        if tally.wrong or not tally.times:
            raise RuntimeError(f"of {len(tally.times)} answers of {self.url} {tally.wrong} were not {expect}")
        self.rates.append(tally.per_second)
        self.costs.append((self._seconds() - before) / len(tally.times))

    def _seconds(self) -> float:
        """Return what its threads have computed, from the scheduler, which counts in ns where others count ticks."""
        workers = self._master.children()  # asked each time: the server answers before its last worker is there
        return sum(int(file.read_text().split()[0]) for each in workers for file in _threads(each.pid)) / 1e9


def run() -> list[Row]:
    """Return the cost of measuring polls and submissions."""
    with arena() as place:
        key = place.run("manage.py", "create_api_key", "bench", "--quiet")
        with _server(place, on=True) as on, _server(place, on=False) as off:
            return [row for what in ("poll", "submit") for row in _rows(what, Side(*on), Side(*off), key)]


def _rows(what: str, on: Side, off: Side, key: str) -> list[Row]:
    requests = {side.url: _request(what, side.url, key) for side in (on, off)}
    for turn in range(1 + _PAIRS):
        # ABBA: what drifts steadily, and who comes first, favour neither.
        for side in (on, off) if turn % 2 else (off, on):
            side.hammer(requests[side.url], 200 if what == "poll" else 202)
    lost, dearer = -effect(on.rates[1:], off.rates[1:]), effect(on.costs[1:], off.costs[1:])  # the first warm up
    rate, cost = statistics.median(off.rates), statistics.median(off.costs) * 1e6
    limit = f"under {_MOST:.0%}, {_PAIRS} pairs; without it"
    return [
        Row(f"{what}: throughput lost by it", str(lost), f"{limit} {rate:.0f}/s", lost.is_below(_MOST)),
        Row(f"{what}: processor time added", str(dearer), f"{limit} {cost:.0f} µs", dearer.is_below(_MOST)),
    ]


def _request(what: str, url: str, key: str) -> bytes:
    headers = _JSON | {"Authorization": f"Bearer {key}"}
    if what == "submit":
        return request_bytes("POST", f"{url}/api/jobs/batch", headers, _BATCH)
    answer = httpx.post(f"{url}/api/jobs/batch", headers=headers, content=_BATCH)
    return request_bytes("GET", f"{url}/api/job/{answer.json()['jobs'][0]['job_id']}", headers)


def _threads(pid: int) -> Iterator[Path]:
    return Path(f"/proc/{pid}/task").glob("*/schedstat")


_numbers = count()


@contextmanager
def _server(place: Arena, *, on: bool) -> Iterator[tuple[str, psutil.Process]]:
    folder = str(place.home / f"metrics-{next(_numbers)}")
    environment = {"MCAI_METRICS": str(int(on)), "MCAI_METRICS_DIR": folder, "SHARED_CACHE_WARM_AT_START": "0"}
    with place.web("mcai_project.wsgi", *OUR_SERVER, **environment) as url:
        yield url, psutil.Process(place.processes[-1].pid)
