"""A client as any program would write it: submit, poll, fetch, check."""

import hashlib
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urljoin
from uuid import uuid4

import httpx

from mcai_project.launch.demo.requests import Request
from mcai_project.launch.runfile import RunFile

TIMEOUT = 300.0
POLL = 1.0
PATIENCE = 60.0
LATER = {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE}
FINAL = {"completed", "failed", "cancelled", "expired"}
Job = dict[str, Any]


class DemoError(Exception):
    """The system did not do what it promises."""


class Client:
    """The API of a running system.

    Parameters
    ----------
    run : RunFile
        Where it is, and the key.
    tick : callable
        Called while waiting: whoever looks after the processes needs the time.
    say : callable
        Is told the progress.
    """

    def __init__(self, run: RunFile, tick: Callable[[], None], say: Callable[[str], None]) -> None:
        headers = {"Authorization": f"Bearer {run.api_key}"}
        self._http = httpx.Client(base_url=run.web_url, headers=headers, timeout=30.0)
        self._tick, self._say = tick, say

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def submit(self, request: Request) -> Job:
        """Submit a job; return the answer, with the kind added."""
        once = {"Idempotency-Key": str(uuid4())}  # sent again, it is the same job
        answer = self._ask("POST", request.path, json=request.body, headers=once)
        if answer.status_code != httpx.codes.ACCEPTED:
            raise DemoError(f"{request.kind} was not accepted: {answer.status_code} {answer.text[:500]}")
        job: Job = answer.json()
        self._say(f"{request.kind}: submitted as {job['job_id']}")
        return job | {"kind": request.kind}

    def wait(self, jobs: list[Job]) -> list[Job]:
        """Poll until every job is in a final state; return them all, completed, in the order given."""
        done: dict[str, Job] = {}
        deadline = time.monotonic() + TIMEOUT
        while len(done) < len(jobs):
            self._rest(POLL if done or time.monotonic() > deadline - TIMEOUT + 1 else POLL / 4)
            for job in jobs:
                if job["job_id"] not in done and (now := self._poll(job))["status"] in FINAL:
                    done[job["job_id"]] = self._check(now)
            if time.monotonic() > deadline:
                raise DemoError(f"{len(jobs) - len(done)} jobs did not end within {TIMEOUT:.0f} s")
        return [done[job["job_id"]] for job in jobs]

    def save(self, job: Job, folder: Path) -> list[Path]:
        """Write the job and each of its files to ``folder``, checked against their size and SHA-256."""
        folder.mkdir(parents=True, exist_ok=True)
        paths = [self._fetch(each, folder, job["kind"]) for each in job["result"].get("files", [])]
        record = folder / f"{job['kind']}.json"
        record.write_text(json.dumps(job, indent=2, ensure_ascii=False) + "\n")
        return [*paths, record]

    def _poll(self, job: Job) -> Job:
        answer = self._ask("GET", job["poll_url"])
        if not answer.is_success:
            raise DemoError(f"{job['kind']} cannot be polled: {answer.status_code} {answer.text[:500]}")
        polled: Job = answer.json()
        return polled

    def _check(self, job: Job) -> Job:
        if job["status"] != "completed":
            raise DemoError(f"{job['kind']} {job['job_id']} is {job['status']}: {job['error']}")
        self._say(f"{job['kind']}: completed")
        return job

    def _fetch(self, file: dict[str, Any], folder: Path, kind: str) -> Path:
        answer = self._ask("GET", urljoin(str(self._http.base_url), file["url"]))
        if not answer.is_success:
            raise DemoError(f"{file['url']} cannot be fetched: {answer.status_code} {answer.text[:200]}")
        digest = hashlib.sha256(answer.content).hexdigest()
        if (len(answer.content), digest) != (file["size"], file["sha256"]):
            raise DemoError(f"{file['url']} is not the file that the result tells of: its size or SHA-256 differs")
        path = folder / _name(kind, file["name"])
        path.write_bytes(answer.content)
        return path

    def _ask(self, method: str, url: str, **options: Any) -> httpx.Response:
        """Send a request; when the server says to come back later, do, for a while."""
        deadline = time.monotonic() + PATIENCE
        while (answer := self._http.request(method, url, **options)).status_code in LATER:
            if time.monotonic() > deadline:
                break
            self._rest(float(answer.headers.get("Retry-After", POLL)))
        return answer

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._tick()
            time.sleep(0.02)


def _name(kind: str, given: str) -> str:
    name = Path(given).name
    return name if name.startswith(kind) else f"{kind}-{name}"
