"""A scenario: so many clients at their pace, while heavy jobs run; then everything accepted is waited for."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from benchmarks.load import client
from benchmarks.load.heavy import Heavy
from benchmarks.load.jobs import Jobs, Waits
from benchmarks.load.processes import Watch
from mcai_project.embedded.state import read_state
from mcai_project.launch.system import System

FINISH_SECONDS = 600.0
_MEMORY_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Scenario:
    """``pace``: requests a second of each client, 0 for flat out; the bounds on p95 are in ms, by name of request."""

    name: str
    title: str
    users: int
    pace: float
    bounds: dict[str, float]


SCENARIOS = {
    each.name: each
    for each in (
        Scenario("paced", "1,000 users, 10 requests a minute each", 1000, 1 / 6, {"Aggregated": 200.0}),
        Scenario("flat", "100 users, flat out", 100, 0.0, {"submit": 100.0, "poll": 100.0}),
    )
}


@dataclass(slots=True)
class Outcome:
    """What a scenario measured: over its counted seconds, and until the last job was finished."""

    scenario: Scenario
    seconds: int
    lines: list[client.Line] = field(default_factory=list)
    moments: list[client.Moment] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    backlog: list[tuple[float, dict[str, int]]] = field(default_factory=list)
    heavy: dict[str, int] = field(default_factory=dict)
    waits: list[Waits] = field(default_factory=list)
    drained: float | None = None
    watch: Watch = field(default_factory=lambda: Watch({}))


@dataclass(slots=True)
class Stage:
    """The running system, and what the clients need to know of it."""

    system: System
    http: httpx.Client
    jobs: Jobs
    home: Path
    keys: Path
    domain: str

    def play(self, scenario: Scenario, seconds: int) -> Outcome:
        """Run the clients, and wait until every job is finished."""
        outcome, since, heavy = Outcome(scenario, seconds), self.jobs.now(), Heavy(self.http, self.jobs)
        variables = {"MCAI_LOAD_PACE": str(scenario.pace), "MCAI_LOAD_KEYS": str(self.keys)}
        prefix = self.home / scenario.name
        heavy.fill()
        began = time.monotonic()
        process = client.start(
            prefix, self.system.run.web_url, scenario.users, seconds, variables | {"MCAI_LOAD_DOMAIN": self.domain}
        )
        outcome.watch = Watch(self._roots() | {"the clients (Locust)": process.pid})
        looked = 0.0
        try:
            while process.poll() is None:
                counted = time.monotonic() - began > client.WARM_UP
                due = counted and time.monotonic() - looked > _MEMORY_SECONDS
                looked = time.monotonic() if due else looked
                self._look(outcome, heavy, began, memory=due, counted=counted)
                self._rest(1.0)
        finally:
            process.kill()
        outcome.lines, outcome.moments = client.lines(prefix), client.moments(prefix)
        outcome.failures = client.failures(prefix)
        outcome.drained = self._drain()
        outcome.heavy, outcome.waits = dict(heavy.states()), self.jobs.waits(since)
        return outcome

    def _look(self, outcome: Outcome, heavy: Heavy, began: float, *, memory: bool, counted: bool) -> None:
        outcome.backlog.append((time.monotonic() - began, self.jobs.unfinished()))
        if counted:
            outcome.watch.look(memory=memory)
        heavy.top_up()

    def _drain(self) -> float | None:
        """Wait until no job is unfinished; return the seconds, or None where they were not enough."""
        began = time.monotonic()
        while self.jobs.unfinished():
            if time.monotonic() - began > FINISH_SECONDS:
                return None
            self._rest(1.0)
        return time.monotonic() - began

    def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.system.tick()

    def _roots(self) -> dict[str, int]:
        servers = read_state(self.home)
        named: Sequence[tuple[str, int]] = (
            [("PostgreSQL", servers.postgres_pid), ("Valkey", servers.valkey_pid)] if servers else []
        )
        return self.system.run.pids | dict(named)
