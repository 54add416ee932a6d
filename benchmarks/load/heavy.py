"""Heavy jobs: twenty under way at any time while clients are measured, and all of them finished in the end."""

from collections import Counter
from itertools import cycle

import httpx

from benchmarks.load.jobs import Jobs

AT_ONCE = 20
BODIES = (
    ("/api/art/generate-async", {"prompt": "a storm over the sea", "options": {"width": 2048, "height": 2048}}),
    ("/api/music/generate-async", {"prompt": "a calm evening", "duration": 60}),
    ("/api/cymatic/analyze-async", {"frequencies": [432, 528, 963], "options": {"resolution": 1024}}),
)


class Heavy:
    """The heavy jobs of one scenario."""

    def __init__(self, http: httpx.Client, jobs: Jobs) -> None:
        self._http, self._jobs = http, jobs
        self._bodies = cycle(BODIES)
        self._ids: list[str] = []

    def fill(self) -> None:
        """Submit as many as shall be under way."""
        while len(self._ids) < AT_ONCE:
            self._submit()

    def top_up(self) -> None:
        """Submit another if one has ended."""
        if self.under_way() < AT_ONCE:
            self._submit()

    def under_way(self) -> int:
        """Return how many are not finished."""
        counted = self.states()
        return counted["queued"] + counted["processing"]

    def _submit(self) -> None:
        path, body = next(self._bodies)
        answer = self._http.post(path, json=body)
        answer.raise_for_status()
        self._ids.append(answer.json()["job_id"])

    def states(self) -> Counter[str]:
        """Return how many are in each state."""
        return self._jobs.states(self._ids)
