"""Submitting and polling over HTTP beside minimal views; jobs finished a second beside Flask and RQ."""

import json
import statistics
import time
from contextlib import ExitStack

import httpx
import psycopg2

from benchmarks.jobs.arena import OUR_SERVER, Arena
from benchmarks.jobs.hammer import hammer, request_bytes
from benchmarks.pairs import effect
from benchmarks.report import Row

_SECONDS = 6.0
_TURN, _PAIRS = 1.0, 20
_JSON = {"Content-Type": "application/json"}
_ART = json.dumps({"prompt": "a calm sea", "options": {"seed": 7}}).encode()


def rows(place: Arena) -> list[Row]:
    """Return requests a second, ours and the minimal view's in turns, and finished jobs a second."""
    key = place.run("manage.py", "create_api_key", "bench", "--quiet")
    _peer_table(place)
    return [*_in_turns(place, key), _finished(place, key)]


def _in_turns(place: Arena, key: str) -> list[Row]:
    with place.web("mcai_project.wsgi", *OUR_SERVER) as ours, place.web("benchmarks.jobs.peer_wsgi") as theirs:
        headers = _JSON | {"Authorization": f"Bearer {key}"}
        our_submit = request_bytes("POST", f"{ours}/api/art/generate-async", headers, _ART)
        their_submit = request_bytes("POST", f"{theirs}/submit", _JSON, _ART)
        our_job = httpx.post(f"{ours}/api/art/generate-async", headers=headers, content=_ART).json()["job_id"]
        their_job = httpx.post(f"{theirs}/submit", headers=_JSON, content=_ART).json()["job_id"]
        _finish_all(place)
        our_poll = request_bytes("GET", f"{ours}/api/job/{our_job}", {"Authorization": f"Bearer {key}"})
        their_poll = request_bytes("GET", f"{theirs}/poll/{their_job}", {})
        return [
            _compare("submit", (ours, our_submit), (theirs, their_submit), 202, 0.7),
            _compare("poll", (ours, our_poll), (theirs, their_poll), 200, 1.5),
        ]


def _compare(name: str, ours: tuple[str, bytes], theirs: tuple[str, bytes], expect: int, least: float) -> Row:
    """Hammer both in turns; return the median of what the pairs say."""
    rates: list[list[float]] = [[], []]
    for turn in range(_PAIRS):
        # ABBA: what drifts steadily, and who comes first, favour neither.
        for side in (0, 1) if turn % 2 else (1, 0):
            url, request = (ours, theirs)[side]
            tally = hammer(url, request, connections=16, seconds=_TURN, expect=expect)
            if tally.wrong:
                raise RuntimeError(f"{tally.wrong} answers of {url} were not {expect}")
            rates[side].append(tally.per_second)
    times = effect(*rates)
    mine, other = (statistics.median(side) for side in rates)
    measured = f"{mine:.0f}/s, {1 + times.median:.2f}× (95%: {1 + times.low:.2f} to {1 + times.high:.2f})"
    against = f"at least {least}× DRF's {other:.0f}/s, {_PAIRS} pairs"
    return Row(f"{name} over HTTP, 16 connections", measured, against, 1 + times.median >= least)


def _finished(place: Arena, key: str) -> Row:
    """Return the jobs finished a second while 32 clients post: ours, and Flask with RQ's forking worker."""
    ours, theirs = _our_rate(place, key), _rq_rate(place)
    return Row(
        "jobs finished a second while 32 clients post", f"{ours:.0f}/s",
        f"at least 4× Flask + RQ's {theirs:.0f}/s: {ours / theirs:.1f}×", ours >= 4 * theirs,
    )  # fmt: skip


def _our_rate(place: Arena, key: str) -> float:
    argv = ["celery", "-A", "mcai_project", "worker", "-Q", "data", "-c", "1", "--without-mingle"]
    body = json.dumps({"jobs": [{"kind": "test-noop", "body": {}}]}).encode()
    headers = _JSON | {"Authorization": f"Bearer {key}"}
    with ExitStack() as stack:
        stack.enter_context(place.program(*argv))
        stack.enter_context(place.program("python", "manage.py", "reconcile"))
        url = stack.enter_context(place.web("mcai_project.wsgi", *OUR_SERVER))
        time.sleep(4)  # until the worker listens
        request = request_bytes("POST", f"{url}/api/jobs/batch", headers, body)
        before = _count(place, "SELECT count(*) FROM jobs WHERE status = 'completed'")
        tally = hammer(url, request, connections=32, seconds=_SECONDS, expect=202)
        return (_count(place, "SELECT count(*) FROM jobs WHERE status = 'completed'") - before) / tally.seconds


def _rq_rate(place: Arena) -> float:
    with ExitStack() as stack:
        stack.enter_context(place.program("rq", "worker", "--url", place.state.redis_url, "--quiet", "bench-rq"))
        url = stack.enter_context(place.web("benchmarks.jobs.peers:flask_app"))
        time.sleep(2)
        place.client().delete("bench:done")
        tally = hammer(url, request_bytes("POST", f"{url}/submit", {}), connections=32, seconds=_SECONDS, expect=202)
        done: int = place.client().llen("bench:done")  # type: ignore[assignment]
        return done / tally.seconds


def _peer_table(place: Arena) -> None:
    _execute(place, "CREATE TABLE bench_jobs (id uuid PRIMARY KEY, prompt text, status text, created_at timestamptz)")


def _finish_all(place: Arena) -> None:
    _execute(place, "UPDATE jobs SET status = 'completed', result = '{}', finished_at = now(), progress = 100")


def _execute(place: Arena, sql: str) -> None:
    connection = psycopg2.connect(place.state.database_url)
    with connection, connection.cursor() as cursor:
        cursor.execute(sql)
    connection.close()


def _count(place: Arena, sql: str) -> int:
    connection = psycopg2.connect(place.state.database_url)
    with connection, connection.cursor() as cursor:
        cursor.execute(sql)
        found: int = cursor.fetchone()[0]
    connection.close()
    return found
