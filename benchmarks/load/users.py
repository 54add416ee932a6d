"""What the clients do; run by Locust, which ``scenario`` starts with what it needs to know in the environment.

``MCAI_LOAD_PACE``: requests a second of each client, 0 for flat out. ``MCAI_LOAD_KEYS``: a file of API keys, one a
client. ``MCAI_LOAD_DOMAIN``: the domain that is read.
"""

import os
import random
from collections import deque
from itertools import cycle
from pathlib import Path

from locust import FastHttpUser, constant, task

PACE = float(os.environ["MCAI_LOAD_PACE"])
DOMAIN = os.environ["MCAI_LOAD_DOMAIN"]
KEYS = cycle(Path(os.environ["MCAI_LOAD_KEYS"]).read_text().split())

FEELINGS = ("calm", "joy", "storm", "grief", "light", "water", "memory", "river", "anger", "hope", "fear", "music",
            "dream", "winter", "home", "fire", "silence", "child", "stone", "dance")  # fmt: skip
TURNS = ("{}", "{} at night", "the sound of {}", "{} and sorrow", "a little {}", "why {}", "{} in spring",
         "old {}", "{} again", "without {}")  # fmt: skip
# Two hundred questions, asked as people ask: a few by many, most by few (Zipf).
ASKED = [turn.format(feeling) for turn in TURNS for feeling in FEELINGS]
WEIGHTS = [1 / rank for rank in range(1, len(ASKED) + 1)]


def topic() -> str:
    """Return what somebody would know."""
    return random.choices(ASKED, WEIGHTS)[0]


class Client(FastHttpUser):
    """One client with an API key and a connection of its own: polls, reads, submits, searches, asks."""

    network_timeout = connection_timeout = 30.0

    # Strangers do not keep step: the pauses are those of a Poisson process.
    wait_time = (lambda _self: random.expovariate(PACE)) if PACE else constant(0)

    def on_start(self) -> None:
        """Take a key; no job yet."""
        self.client.client.default_headers.update({"Authorization": f"Bearer {next(KEYS)}"})
        self.mine: deque[str] = deque(maxlen=5)

    @task(5)
    def poll(self) -> None:
        """Poll a job of one's own; submit one where there is none."""
        if self.mine:
            self.client.get(f"/api/job/{random.choice(self.mine)}", name="poll")
        else:
            self.submit()

    @task(1)
    def submit(self) -> None:
        """Submit a job: the analysis of a short text."""
        body = {"text": f"I felt {random.choice(FEELINGS)}, then {random.choice(FEELINGS)}; {random.random():.6f}"}
        answer = self.client.post("/api/emotion/analyze-async", json=body, name="submit")
        if answer.status_code == 202:
            self.mine.append(answer.json()["job_id"])

    @task(2)
    def examples(self) -> None:
        """Read a page of a hundred examples."""
        self.client.get(f"/api/datasets/{DOMAIN}/examples", name="examples")

    @task(1)
    def search(self) -> None:
        """Search by words."""
        self.client.get("/api/examples/search", params={"q": topic(), "mode": "text"}, name="search")

    @task(1)
    def ask(self) -> None:
        """Ask a question."""
        self.client.post("/api/knowledge/query", json={"query": f"What is {topic()}?"}, name="ask")
