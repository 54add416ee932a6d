"""``python -m tests.chaos --faults N --seed S``: break a running system N times; exit 0 if every promise was kept."""

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.chaos.system import ENVIRONMENT, LEASE_SECONDS, System
from tests.processes import manage_argv

_SETTLE_SECONDS = 180.0


def main() -> int:
    """Run, judge, report."""
    options = _options()
    home = Path(tempfile.mkdtemp(prefix="mcai-chaos-"))
    os.environ.update(ENVIRONMENT | {"MCAI_HOME": str(home), "DJANGO_SETTINGS_MODULE": "mcai_project.settings"})
    system = System(home)
    try:
        system.start()
        wrong = _run(system, options)
    finally:
        system.stop()
    if wrong:
        print(f"the logs are in {home}", flush=True)
        return 1
    shutil.rmtree(home, ignore_errors=True)
    return 0


def _run(system: System, options: argparse.Namespace) -> list[str]:
    from tests.chaos import faults as kinds
    from tests.chaos.load import Load
    from tests.chaos.recovery import measure, too_slow
    from tests.chaos.verdict import judge, rows, wait_until_settled

    faults, rng, only = options.faults, random.Random(options.seed), options.only
    key = _prepare(system)
    load = Load(system, key)
    load.start(clients=4)
    chosen = [fault for fault in kinds.FAULTS if not only or fault.__name__ in only]
    done: Counter[str] = Counter()
    for number in range(faults):
        time.sleep(rng.uniform(0.2, 1.5))
        fault = rng.choice(chosen)
        done[fault.__name__] += 1
        print(f"{number + 1:>4}/{faults} {fault.__name__}", flush=True)
        fault(system, load, rng)
        system.mend()
    system.wait_ready()
    load.stop()
    url = system.state.database_url
    wait_until_settled(url, _SETTLE_SECONDS)
    recoveries = measure(system, load) if options.measure else []
    wait_until_settled(url, _SETTLE_SECONDS)
    time.sleep(3 * LEASE_SECONDS + 2)  # late finishers end, and what the dead left in staging grows old enough to go
    rows(url, "SELECT 1")
    subprocess.run(manage_argv("reconcile", "--once"), env=system.environment(), check=True, capture_output=True)
    verdict = judge(url, system.home / "files", load.accepted, load.refused)
    print(f"\n{sum(done.values())} faults: {dict(done)}")
    print(f"{verdict.jobs} jobs {verdict.by_status}, {verdict.attempts} attempts, {verdict.effects} effects")
    print(f"a bystander's job waits {verdict.bystander_wait * 1000:.0f} ms (median)")
    print("\n".join(recoveries))
    verdict.wrong += [f"too slow: {line}" for line in too_slow(recoveries)]
    print("\n".join(verdict.wrong) or "lost 0, doubled 0, stuck 0, half-written 0", flush=True)
    return verdict.wrong


def _prepare(system: System) -> str:
    """Make the table of effects and a key."""
    import psycopg2

    connection = psycopg2.connect(system.state.database_url)
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE test_effects (tag text NOT NULL)")
    connection.close()
    made = subprocess.run(
        manage_argv("create_api_key", "chaos", "--quiet"),
        env=system.environment(), check=True, capture_output=True, text=True,
    )  # fmt: skip
    return made.stdout.strip()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--faults", type=int, default=500)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", nargs="*", default=[], help="names of faults")
    parser.add_argument("--measure", action=argparse.BooleanOptionalAction, default=True, help="time the recoveries")
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    return options


if __name__ == "__main__":
    sys.exit(main())
