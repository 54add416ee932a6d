"""Twenty heavy jobs at once, and what became of them."""

from collections import Counter

import httpx

BODIES = (
    ("/api/art/generate-async", {"prompt": "a storm over the sea", "options": {"width": 2048, "height": 2048}}),
    ("/api/music/generate-async", {"prompt": "a calm evening", "duration": 60}),
    ("/api/cymatic/analyze-async", {"frequencies": [432, 528, 963], "options": {"resolution": 1024}}),
)


def submit(http: httpx.Client, count: int) -> list[str]:
    """Submit so many; return their ids."""
    ids = []
    for number in range(count):
        path, body = BODIES[number % len(BODIES)]
        answer = http.post(path, json=body)
        answer.raise_for_status()
        ids.append(answer.json()["job_id"])
    return ids


def states(http: httpx.Client, ids: list[str]) -> Counter[str]:
    """Return how many of the jobs are in each state."""
    return Counter(http.get(f"/api/job/{job_id}").json()["status"] for job_id in ids)
