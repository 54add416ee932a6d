"""A load of jobs from clients that behave: each repeats a request, with its key, until it is answered."""

import random
import threading
import time
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx

from tests.chaos.system import System

_GIVE_UP_SECONDS = 120.0


@dataclass
class Load:
    """Submits jobs until told to stop; remembers which were accepted."""

    system: System
    key: str
    accepted: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, clients: int) -> None:
        """Start clients, and one whose jobs go to a queue that no fault aims at."""
        for number in range(clients):
            self._thread(self._submit_effects, number)
        self._thread(self._submit_bystanders)

    def stop(self) -> None:
        """Submit no more, and wait until every request under way is answered."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def new_tag(self) -> str:
        """Return a name that no other job has."""
        with self._lock:
            return f"tag-{next(self._numbers)}"

    def submit_odd(self, kind: str) -> None:
        """Submit a job of a kind that misbehaves."""
        self._thread(self.submit, self.new_tag(), kind, {})

    def submit_full_disk(self) -> None:
        """Submit a job that meets a full disk once."""
        tag = self.new_tag()
        marker = self.system.home / f"{tag}.full"
        self._thread(self.submit, tag, "test-full-disk", {"tag": tag, "once": str(marker)})

    def cancel_some(self, rng: random.Random) -> None:
        """Cancel some of the latest jobs; an answer of any kind will do."""
        latest = list(self.accepted.values())[-6:]
        with httpx.Client(headers=self._headers(), timeout=10) as client:
            for job_id in rng.sample(latest, min(2, len(latest))):
                _try(client, "DELETE", f"{self.system.url}/api/job/{job_id}")

    def _submit_effects(self, number: int) -> None:
        rng = random.Random(number)
        while not self._stop.is_set():
            tag = self.new_tag()
            params = {"tag": tag, "seconds": rng.choice((0, 0.05, 0.2, 1.0)), "bytes": rng.choice((10, 100_000))}
            self.submit(tag, "test-effect", params)
            time.sleep(rng.uniform(0.05, 0.4))

    def _submit_bystanders(self) -> None:
        while not self._stop.wait(0.5):
            tag = self.new_tag()
            self.submit(tag, "test-bystander", {"tag": tag})

    def submit(self, tag: str, kind: str, params: dict[str, Any]) -> None:
        """Post until answered; the key makes the repetition harmless."""
        deadline = time.monotonic() + _GIVE_UP_SECONDS
        body = {"jobs": [{"kind": kind, "body": params}]}
        answer = None
        with httpx.Client(headers=self._headers() | {"Idempotency-Key": tag}, timeout=10) as client:
            while time.monotonic() < deadline:
                answer = _try(client, "POST", f"{self.system.url}/api/jobs/batch", json=body)
                if answer is not None and answer.status_code == 202:
                    self.accepted[tag] = answer.json()["jobs"][0]["job_id"]
                    return
                if answer is not None and answer.status_code < 500:
                    self.refused.append(f"{tag}: {answer.status_code} {answer.text[:200]}")
                    return
                time.sleep(0.3)
        last = "none" if answer is None else f"{answer.status_code} {answer.text[:200]}"
        self.refused.append(f"{tag}: not accepted in {_GIVE_UP_SECONDS} s, the last answer: {last}")

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}"}

    def _thread(self, target: Any, *arguments: Any) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()


def _try(client: httpx.Client, method: str, url: str, **options: Any) -> httpx.Response | None:
    try:
        return client.request(method, url, **options)
    except httpx.TransportError:
        return None


def files_below(folder: Path) -> list[Path]:
    """Return every file below a folder."""
    return [path for path in folder.rglob("*") if path.is_file()] if folder.is_dir() else []
