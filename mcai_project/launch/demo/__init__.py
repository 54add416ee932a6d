"""``launch demo``: one job of each kind through the REST API, its files fetched, a table of what happened."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from mcai_project.embedded import lock
from mcai_project.embedded.tenants import ROOT
from mcai_project.launch import runfile, system
from mcai_project.launch.demo import table
from mcai_project.launch.demo.client import Client, DemoError
from mcai_project.launch.demo.requests import REQUESTS
from mcai_project.launch.errors import LaunchError
from mcai_project.launch.runfile import RunFile

OUTPUT = ROOT / "demo_output"


def demo(home: Path) -> int:
    """Run the demo on the system that runs in this clone, or on one brought up for it."""
    with _system(home) as (run, tick), Client(run, tick, _say) as client:
        try:
            submitted = [client.submit(request) for request in REQUESTS]
            done = client.wait(submitted)
            rows = [table.row(job, client.save(job, OUTPUT)) for job in done]
        except (DemoError, httpx.HTTPError) as error:
            raise LaunchError(f"The demo failed: {error}\nThe logs are in {home / 'logs'}") from error
    print(f"\n{table.text(rows)}\n\nThe files are in {OUTPUT}", flush=True)
    return 0


@contextmanager
def _system(home: Path) -> Iterator[tuple[RunFile, Callable[[], None]]]:
    run = runfile.read(home) if lock.held(system.lock_path(home)) else None
    if run is not None:
        _say(f"using the system that runs at {run.web_url}")
        yield run, lambda: None
        return
    with system.running(home, quiet=True) as up:
        yield up.run, up.tick


def _say(line: str) -> None:
    print(line, flush=True)
