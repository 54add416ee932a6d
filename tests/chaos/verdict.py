"""After the faults: is any job lost, doubled, stuck or half-written?"""

import hashlib
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg2

from jobs.choices import ACTIVE
from tests.chaos.load import files_below


@dataclass
class Verdict:
    """What was found; `wrong` is empty when every promise was kept."""

    jobs: int = 0
    by_status: dict[str, int] = field(default_factory=dict)
    effects: int = 0
    attempts: int = 0
    bystander_wait: float = 0.0
    wrong: list[str] = field(default_factory=list)


def wait_until_settled(database_url: str, seconds: float) -> None:
    """Wait until no job is active."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        active = rows(database_url, "SELECT count(*) FROM jobs WHERE status = ANY(%s)", [[str(s) for s in ACTIVE]])
        if active[0][0] == 0:
            return
        time.sleep(0.5)


def judge(database_url: str, files: Path, accepted: dict[str, str], refused: list[str]) -> Verdict:
    """Compare what clients were promised with what is."""
    verdict = Verdict(wrong=[f"refused: {line}" for line in refused])
    jobs = {str(row[0]): row for row in rows(database_url, _JOBS)}
    verdict.jobs = len(jobs)
    verdict.attempts = sum(row[4] for row in jobs.values())
    for row in jobs.values():
        verdict.by_status[row[2]] = verdict.by_status.get(row[2], 0) + 1
    _judge_acceptance(verdict, jobs, accepted)
    _judge_ends(verdict, jobs)
    _judge_effects(verdict, jobs, rows(database_url, "SELECT tag, count(*) FROM test_effects GROUP BY tag"))
    _judge_files(verdict, jobs, files)
    waits = rows(database_url, _BYSTANDERS)
    verdict.bystander_wait = float(waits[0][0] or 0)
    return verdict


_JOBS = "SELECT id, kind, status, params->>'tag', attempts, max_attempts, result, error, owner_id FROM jobs"
_BYSTANDERS = """
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM started_at - created_at)) FROM jobs
WHERE kind = 'test-bystander'
"""


def rows(database_url: str, sql: str, params: list[Any] | None = None) -> list[tuple[Any, ...]]:
    """Return the rows of a query, over a connection of its own; the database may be starting again."""
    deadline = time.monotonic() + 60
    while True:
        try:
            connection = psycopg2.connect(database_url)
            try:
                with connection.cursor() as cursor:
                    cursor.execute(sql, params)
                    return list(cursor.fetchall())
            finally:
                connection.close()
        except psycopg2.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.5)


def _judge_acceptance(verdict: Verdict, jobs: dict[str, tuple[Any, ...]], accepted: dict[str, str]) -> None:
    verdict.wrong += [f"lost: {tag} was accepted as {id_}" for tag, id_ in accepted.items() if id_ not in jobs]
    tags = [row[3] for row in jobs.values() if row[3] is not None]
    verdict.wrong += [f"accepted twice: {tag}" for tag in {tag for tag in tags if tags.count(tag) > 1}]


def _judge_ends(verdict: Verdict, jobs: dict[str, tuple[Any, ...]]) -> None:
    expected_failures = {"test-suicide": "worker_lost", "test-hang": "time_limit"}
    for id_, (_, kind, status, _, attempts, most, _, error, _) in jobs.items():
        if status in {"queued", "processing"}:
            verdict.wrong.append(f"not settled: {kind} {id_} is {status} after {attempts} attempts")
        if attempts > most:
            verdict.wrong.append(f"too many attempts: {kind} {id_} {attempts} of {most}")
        if status == "failed" and (error or {}).get("code") not in {expected_failures.get(kind), "worker_lost"}:
            verdict.wrong.append(f"failed: {kind} {id_} {error}")
        if status == "failed" and kind in {"test-effect", "test-bystander", "test-full-disk"}:
            verdict.wrong.append(f"failed though it could be done: {kind} {id_} after {attempts} attempts {error}")


def _judge_effects(verdict: Verdict, jobs: dict[str, tuple[Any, ...]], effects: list[tuple[Any, ...]]) -> None:
    count = dict(effects)
    verdict.effects = sum(count.values())
    verdict.wrong += [f"effect {number} times: {tag}" for tag, number in count.items() if number != 1]
    for _, kind, status, tag, *_ in jobs.values():
        if kind == "test-effect" and (status == "completed") != (tag in count):
            verdict.wrong.append(f"{tag} is {status}, its effect is {'there' if tag in count else 'missing'}")


def _judge_files(verdict: Verdict, jobs: dict[str, tuple[Any, ...]], folder: Path) -> None:
    wanted = {}
    for id_, row in jobs.items():
        for file in (row[6] or {}).get("files", ()) if row[2] == "completed" else ():
            wanted[folder / "files" / id_[-2:] / id_ / file["name"]] = file["sha256"]
    found = {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in files_below(folder / "files")}
    verdict.wrong += [f"missing file: {path}" for path in wanted.keys() - found.keys()]
    verdict.wrong += [
        f"half-written file: {path}" for path in wanted.keys() & found.keys() if wanted[path] != found[path]
    ]
    verdict.wrong += [f"file of no completed job: {path}" for path in found.keys() - wanted.keys()]
    verdict.wrong += [f"left in staging: {path}" for path in files_below(folder / "staging")]
