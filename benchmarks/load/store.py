"""A domain whose first page holds a hundred examples of a usual length, imported as a client would."""

import json
import time
from collections.abc import Callable

import httpx

DOMAIN = "load"
EXAMPLES = 500
_SECONDS = 120.0


def fill(http: httpx.Client, tick: Callable[[], None]) -> str:
    """Import the examples, unless they are there; return the domain's name."""
    lines = [json.dumps(_example(number)) for number in range(EXAMPLES)]
    file = {"file": ("load.jsonl", "\n".join(lines).encode(), "application/x-ndjson")}
    answer = http.post("/api/datasets/import-async", files=file, data={"domain": DOMAIN})
    answer.raise_for_status()
    deadline = time.monotonic() + _SECONDS
    while (job := http.get(answer.json()["poll_url"]).json())["status"] in {"queued", "processing"}:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the import is still {job['status']} after {_SECONDS:.0f} s")
        tick()
    if job["status"] != "completed":
        raise RuntimeError(f"the import is {job['status']}: {job['error']}")
    return DOMAIN


def _example(number: int) -> dict[str, str]:
    return {
        "content": f"Example {number}: how does one feel who hears the river at night, far away, and thinks of home?",
        "response": "Calm at first, then a little sad: the sound is even and low, which soothes, and it comes from "
        f"where one is not. Music that moves in steps of {number % 7 + 1} semitones, slowly, says much the same.",
    }
