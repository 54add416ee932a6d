"""What the clients do; run by Locust. ``MCAI_LOAD_PACE``: requests a second of each client, 0 for flat out."""

import os
import random
from collections import deque

from locust import FastHttpUser, constant, constant_throughput, task

PACE = float(os.environ.get("MCAI_LOAD_PACE", "0"))
DOMAIN = os.environ["MCAI_LOAD_DOMAIN"]
WORDS = ("calm", "joy", "storm", "grief", "light", "water", "memory", "river", "anger", "hope")


class Client(FastHttpUser):
    """One client: submits, polls, reads, searches, asks."""

    wait_time = constant_throughput(PACE) if PACE else constant(0)
    network_timeout = connection_timeout = 30.0

    def on_start(self) -> None:
        """Begin with a key and a job to poll."""
        self.client.client.default_headers.update({"Authorization": f"Bearer {os.environ['MCAI_LOAD_KEY']}"})
        self.mine: deque[str] = deque(maxlen=5)

    @task(5)
    def poll(self) -> None:
        """Poll a job of one's own."""
        if not self.mine:
            return self.submit()
        self.client.get(f"/api/job/{random.choice(self.mine)}", name="poll")
        return None

    @task(1)
    def submit(self) -> None:
        """Submit a small job."""
        body = {"text": f"{random.choice(WORDS)} and {random.choice(WORDS)}"}
        answer = self.client.post("/api/emotion/analyze-async", json=body, name="submit")
        if answer.status_code == 202:
            self.mine.append(answer.json()["job_id"])

    @task(2)
    def examples(self) -> None:
        """Read a page of examples."""
        self.client.get(f"/api/datasets/{DOMAIN}/examples", name="examples")

    @task(1)
    def search(self) -> None:
        """Search."""
        self.client.get(f"/api/examples/search?q={random.choice(WORDS)}&mode=text", name="search")

    @task(1)
    def ask(self) -> None:
        """Ask a question that others ask too."""
        self.client.post("/api/knowledge/query", json={"query": f"What is {random.choice(WORDS)}?"}, name="ask")
