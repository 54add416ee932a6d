"""A short run of the fault tests; `make chaos` is the long one."""

import os
import subprocess
import sys

import pytest

ROUGH = [
    "kill_child",
    "kill_worker_group",
    "kill_broker",
    "flush_broker",
    "kill_database",
    "double_messages",
    "kill_web",
]


@pytest.mark.slow
def test_nothing_is_lost_or_doubled_under_a_handful_of_faults() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    argv = [sys.executable, "-m", "tests.chaos", "--faults", "7", "--seed", "4", "--no-measure", "--only", *ROUGH]
    done = subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=1200, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "lost 0, doubled 0, stuck 0, half-written 0" in done.stdout
