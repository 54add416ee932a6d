"""``python -m benchmarks.load [--seconds 60] [--scenario paced|flat|both]``: the whole system under load.

It plays on servers of its own: no database that the environment happens to name is filled with a thousand users.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import httpx

from benchmarks.load import gates, report, servers, store
from benchmarks.load.jobs import Jobs
from benchmarks.load.scenario import SCENARIOS, Outcome, Stage
from benchmarks.report import table
from mcai_project.launch.system import System, running

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run the scenarios, write the page, print the tables; 1 where a gate was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="how long each scenario is counted")
    parser.add_argument("--scenario", choices=[*SCENARIOS, "both"], default="both")
    parser.add_argument("--given-servers", action="store_true", help="those of DATABASE_URL and REDIS_URL")
    given = parser.parse_args()
    servers.choose(os.environ, given=given.given_servers)
    home = ROOT / ".mcai" / "load"
    # Flat out, a client sends more than the hundred requests a minute that are its share.
    os.environ.update(MCAI_HOME=str(home), MCAI_REQUESTS_PER_MINUTE="10000000")
    chosen = [each for name, each in SCENARIOS.items() if given.scenario in {name, "both"}]
    outcomes = []
    with running(home, quiet=True) as system, _client(system) as http:
        stage = _stage(system, http, home, max(each.users for each in chosen))
        for scenario in chosen:
            print(f"{scenario.title}: {given.seconds} s", flush=True)
            outcomes.append(stage.play(scenario, given.seconds))
    return _tell(outcomes, home / "load.html")


def _stage(system: System, http: httpx.Client, home: Path, users: int) -> Stage:
    keys = home / "load_keys"
    environment = os.environ | {"DATABASE_URL": system.run.database_url, "REDIS_URL": system.run.redis_url}
    command = [sys.executable, "-m", "benchmarks.load.people", str(users), str(keys)]
    subprocess.run(command, env=environment, cwd=ROOT, check=True)
    domain = store.fill(http, system.tick)
    return Stage(system, http, Jobs(system.run.database_url), home, keys, domain)


def _client(system: System) -> httpx.Client:
    headers = {"Authorization": f"Bearer {system.run.api_key}"}
    return httpx.Client(base_url=system.run.web_url, headers=headers, timeout=60)


def _tell(outcomes: list[Outcome], target: Path) -> int:
    rows = gates.rows(outcomes)
    target.write_text(report.page(outcomes, rows))
    print(*(report.text(outcome) for outcome in outcomes), table(rows), f"The page: {target}", sep="\n\n")
    return 0 if all(row.passed for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
