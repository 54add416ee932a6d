"""What measuring costs: the same requests, in turns, against a web server with metrics and one without."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

import httpx
import psutil

from benchmarks.jobs.arena import OUR_SERVER, Arena, arena
from benchmarks.jobs.hammer import hammer, request_bytes
from benchmarks.report import Row

_CONNECTIONS, _SECONDS, _ROUNDS = 8, 1.0, 20
_MOST = 0.03
_JSON = {"Content-Type": "application/json"}
_BATCH = json.dumps({"jobs": [{"kind": "test-noop", "body": {}}]}).encode()


@dataclass
class Side:
    """One of the two servers, and what it was seen to do."""

    url: str
    processes: list[psutil.Process]
    rates: list[float] = field(default_factory=list)
    costs: list[float] = field(default_factory=list)

    def hammer(self, request: bytes, expect: int) -> None:
        """Send the request for a while; note answers a second, and processor seconds of the server an answer."""
        before = self._seconds()
        tally = hammer(self.url, request, connections=_CONNECTIONS, seconds=_SECONDS, expect=expect)
        if tally.wrong:
            raise RuntimeError(f"{tally.wrong} answers of {self.url} were not {expect}")
        self.rates.append(tally.per_second)
        self.costs.append((self._seconds() - before) / len(tally.times))

    def _seconds(self) -> float:
        return sum(sum(process.cpu_times()[:2]) for process in self.processes)


def run() -> list[Row]:
    """Return the cost of measuring polls and submissions."""
    with arena() as place:
        key = place.run("manage.py", "create_api_key", "bench", "--quiet")
        with _server(place, on=True) as (on, pids), _server(place, on=False) as (off, other_pids):
            sides = (on, pids), (off, other_pids)
            extra = _extra(place, key)
            return [row for what in ("poll", "submit") for row in _rows(what, sides, key, extra[what])]


def _extra(place: Arena, key: str) -> dict[str, float]:
    """Return the seconds that measuring adds to a poll and to a submission, timed in one process."""
    found = json.loads(place.run("-m", "benchmarks.measuring", key))
    return {what: times["with"] - times["without"] for what, times in found.items()}


def _rows(what: str, sides: tuple[tuple[str, list[psutil.Process]], ...], key: str, extra: float) -> list[Row]:
    with_metrics, without = (Side(url, processes) for url, processes in sides)
    requests = {side.url: _request(what, side.url, key) for side in (with_metrics, without)}
    for turn in range(_ROUNDS + 1):
        pair = (with_metrics, without) if turn % 2 else (without, with_metrics)
        for side in pair:
            side.hammer(requests[side.url], 200 if what == "poll" else 202)
    del with_metrics.rates[0], without.rates[0], with_metrics.costs[0], without.costs[0]  # the first warms up
    # The best round of each: whatever else the machine did can only have made the others worse.
    best, lost = max(without.rates), 1 - max(with_metrics.rates) / max(without.rates)
    whole = min(without.costs)
    return [
        Row(f"{what}: throughput lost by it", f"{lost:+.1%} of {best:.0f}/s", f"under {_MOST:.0%}", lost < _MOST),
        Row(
            f"{what}: processor time of measuring", f"{extra * 1e6:.1f} µs",
            f"under {_MOST:.0%} of the {whole * 1e6:.0f} µs that the server takes: {extra / whole:+.1%}",
            extra / whole < _MOST,
        ),
    ]  # fmt: skip


def _request(what: str, url: str, key: str) -> bytes:
    headers = _JSON | {"Authorization": f"Bearer {key}"}
    if what == "submit":
        return request_bytes("POST", f"{url}/api/jobs/batch", headers, _BATCH)
    answer = httpx.post(f"{url}/api/jobs/batch", headers=headers, content=_BATCH)
    return request_bytes("GET", f"{url}/api/job/{answer.json()['jobs'][0]['job_id']}", headers)


_numbers = count()


@contextmanager
def _server(place: Arena, *, on: bool) -> Iterator[tuple[str, list[psutil.Process]]]:
    folder = str(place.home / f"metrics-{next(_numbers)}")
    environment = {"MCAI_METRICS": str(int(on)), "MCAI_METRICS_DIR": folder, "SHARED_CACHE_WARM_AT_START": "0"}
    with place.web("mcai_project.wsgi", *OUR_SERVER, **environment) as url:
        yield url, psutil.Process(place.processes[-1].pid).children(recursive=True)
