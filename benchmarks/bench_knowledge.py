"""The knowledge store: import beside COPY, pages at depth, rotation beside hand-written SQL, the admin at a million.

``MCAI_BENCH_EXAMPLES`` sets another size than 1,000,000.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.report import Row


def run() -> list[Row]:
    """Measure in a process of its own, on an embedded stack of its own."""
    from mcai_project.embedded import stack

    with tempfile.TemporaryDirectory() as home:
        state = stack.start(Path(home))
        try:
            environment = {"DATABASE_URL": state.database_url, "REDIS_URL": state.redis_url, "MCAI_HOME": home}
            return _measured(environment)
        finally:
            stack.stop(Path(home))


def _measured(environment: dict[str, str]) -> list[Row]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.knowledge"],
        env=os.environ | environment | {"DJANGO_SETTINGS_MODULE": "mcai_project.settings"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return [Row(**row) for row in json.loads(done.stdout.splitlines()[-1])]
