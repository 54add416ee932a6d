"""A stack of its own, and processes on it, for one benchmark."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import redis

from mcai_project.embedded import stack, tenants
from mcai_project.embedded.ports import free_port
from mcai_project.embedded.state import StackState
from mcai_project.launch.procfile import WEB_NICE
from mcai_project.yielding import give_way

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
OUR_SERVER = ("-c", "mcai_project/gunicorn.conf.py")
PEER_SERVER = ("--workers", "2", "--worker-class", "gthread", "--threads", "8", "--preload")  # ours, without its hooks


@dataclass
class Arena:
    """The servers in `home`, the environment of the processes on them."""

    home: Path
    state: StackState
    processes: list["subprocess.Popen[bytes]"] = field(default_factory=list)

    def environment(self) -> dict[str, str]:
        """Return what every process has in its environment."""
        return os.environ | {
            "DATABASE_URL": self.state.database_url,
            "REDIS_URL": self.state.redis_url,
            "MCAI_HOME": str(self.home),
            "MCAI_EXTRA_APPS": "tests.jobs.kinds.apps.KindsConfig",
            "MCAI_REQUESTS_PER_MINUTE": "100000000",
        }

    def run(self, *argv: str) -> str:
        """Run a program of ours to its end; return what it printed."""
        done = subprocess.run(
            [sys.executable, *argv], env=self.environment(), cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout.strip()

    @contextmanager
    def program(self, *argv: str, **environment: str) -> Iterator["subprocess.Popen[bytes]"]:
        """Have a program of the virtual environment run for as long as the block lasts."""
        log = self.home / f"{Path(argv[0]).name}-{len(self.processes)}.log"
        with log.open("ab") as output:
            process = tenants.spawn(argv, home=self.home, environment=self.environment() | environment, output=output)
        self.processes.append(process)
        try:
            yield process
        finally:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)
            tenants.kill_group(process.pid)
            process.wait()

    @contextmanager
    def web(self, application: str, *options: str, **environment: str) -> Iterator[str]:
        """Serve a WSGI application by gunicorn as `options` say; yield its address once it answers.

        Like the Procfile's it yields to the databases and the client: the client's waiting is not what is measured.
        """
        port = free_port()
        argv = ["nice", "-n", str(WEB_NICE), "gunicorn", *(options or PEER_SERVER)]
        with self.program(*argv, "--bind", f"127.0.0.1:{port}", application, **environment) as process:
            url = f"http://127.0.0.1:{port}"
            _wait(lambda: _answers(url), "the web server answers")
            give_way(process.pid)
            yield url

    def client(self) -> "redis.Redis":
        """Return a client of the broker."""
        return redis.Redis.from_url(self.state.redis_url, socket_timeout=60)


@contextmanager
def arena() -> Iterator[Arena]:
    """Bring up a stack with a migrated database; it is gone after the block."""
    with tempfile.TemporaryDirectory(prefix="mcai-bench-") as folder:
        home = Path(folder)
        place = Arena(home, stack.start(home))
        try:
            place.run("manage.py", "migrate", "-v0")
            yield place
        finally:
            stack.stop(home)


def _wait(condition: "object", what: str) -> None:
    assert callable(condition)
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{START_SECONDS:.0f} s passed before {what}")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        httpx.get(url, timeout=2)
    except httpx.TransportError:
        return False
    return True
