"""``python -m benchmarks.load [--seconds 60] [--scenario paced|flat|both]``: the whole system under load."""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

import httpx

from benchmarks.load import heavy, report
from mcai_project.launch.system import System, running

ROOT = Path(__file__).resolve().parents[2]
HEAVY = 20
FINISH_SECONDS = 300.0
SCENARIOS = {"paced": ("1,000 users, 10 requests a minute each", 1000, 1 / 6), "flat": ("100 users flat out", 100, 0.0)}


def main() -> int:
    """Run the scenarios, write the page, print the tables; 1 where heavy jobs did not all complete."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="how long each scenario runs")
    parser.add_argument("--scenario", choices=[*SCENARIOS, "both"], default="both")
    given = parser.parse_args()
    home = ROOT / ".mcai" / "load"
    # All users of the test share one key: its rate is not what is measured here.
    os.environ.update(MCAI_HOME=str(home), MCAI_REQUESTS_PER_MINUTE="10000000")
    names = list(SCENARIOS) if given.scenario == "both" else [given.scenario]
    with running(home, quiet=True) as system, _client(system) as http:
        jobs = heavy.submit(http, HEAVY)
        parts = [_load(system, http, home, name, given.seconds) for name in names]
        states = _finish(system, http, jobs)
        notes = [f"{HEAVY} heavy jobs: {states}", *_memory(http)]
    target = home / "load.html"
    target.write_text(report.page(parts, notes))
    print(*(report.text(title, lines) for title, lines in parts), *notes, f"The page: {target}", sep="\n\n")
    return 0 if states == {"completed": HEAVY} else 1


def _client(system: System) -> httpx.Client:
    headers = {"Authorization": f"Bearer {system.run.api_key}"}
    return httpx.Client(base_url=system.run.web_url, headers=headers, timeout=60)


def _load(system: System, http: httpx.Client, home: Path, name: str, seconds: int) -> tuple[str, list[report.Line]]:
    title, users, pace = SCENARIOS[name]
    domain = http.get("/api/datasets").json()["results"][0]["domain_name"]
    variables = {"MCAI_LOAD_PACE": str(pace), "MCAI_LOAD_KEY": system.run.api_key, "MCAI_LOAD_DOMAIN": domain}
    prefix = home / name
    command = [sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("users.py")), "--headless"]
    command += ["-H", system.run.web_url, "-u", str(users), "-r", str(users // 10), "-t", f"{seconds + 10}s"]
    command += ["--reset-stats", "--csv", str(prefix), "--html", f"{prefix}.html", "--only-summary"]
    with Path(f"{prefix}.log").open("wb") as log:
        process = subprocess.Popen(command, env=os.environ | variables, stdout=log, stderr=log)
        while process.poll() is None:
            system.tick()
            time.sleep(0.2)
    return title, report.read(prefix)


def _finish(system: System, http: httpx.Client, jobs: list[str]) -> dict[str, int]:
    """Wait until no heavy job is under way."""
    deadline = time.monotonic() + FINISH_SECONDS
    while (states := heavy.states(http, jobs)).keys() & {"queued", "processing"} and time.monotonic() < deadline:
        system.tick()
        time.sleep(1)
    return dict(states)


def _memory(http: httpx.Client) -> list[str]:
    wanted = ("mc_ai_worker_memory_mb{", "mc_ai_jobs_finished_total{")
    return [line for line in http.get("/metrics").text.splitlines() if line.startswith(wanted)]


if __name__ == "__main__":
    raise SystemExit(main())
