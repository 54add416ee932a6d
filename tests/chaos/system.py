"""The system under fault: a stack of its own, web, workers, reconcilers."""

import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil

from mcai_project.embedded import stack, tenants
from mcai_project.embedded.ports import free_port
from mcai_project.embedded.state import StackState, read_state
from tests.processes import manage_argv, web_argv, worker_argv

LEASE_SECONDS = 4
ENVIRONMENT = {
    "MCAI_EXTRA_APPS": "tests.jobs.kinds.apps.KindsConfig",
    "MCAI_LEASE_SECONDS": str(LEASE_SECONDS),
    "MCAI_RECONCILE_SECONDS": "0.5",
    "MCAI_RETRY_SECONDS": "0.2",
    "MCAI_REPUBLISH_SECONDS": "5",
    "MCAI_SOFT_SHUTDOWN_SECONDS": "1",
    "MCAI_REQUESTS_PER_MINUTE": "100000000",
    "REMAP_SIGTERM": "SIGQUIT",
}
READY_SECONDS = 180.0
SKEWED = "worker_c"


@dataclass
class System:
    """The stack in `home`, and the processes of the project on it by name."""

    home: Path
    port: int = field(default_factory=free_port)
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Return the web server's address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def state(self) -> StackState:
        """Return where the servers are now; the keeper writes it anew when it has restarted one."""
        deadline = time.monotonic() + READY_SECONDS
        while (found := read_state(self.home)) is None:
            assert time.monotonic() < deadline, "the stack is gone"
            time.sleep(0.05)
        return found

    def environment(self) -> dict[str, str]:
        """Return what every process of the system has in its environment."""
        here = {"DATABASE_URL": self.state.database_url, "REDIS_URL": self.state.redis_url, "MCAI_HOME": str(self.home)}
        return {**os.environ, **ENVIRONMENT, **here}

    def start(self) -> None:
        """Bring everything up, the database migrated."""
        stack.start(self.home)
        subprocess.run(manage_argv("migrate", "-v0"), check=True, env=self.environment())
        for name in self.plan():
            self.launch(name)
        self.wait_ready()

    def plan(self) -> dict[str, list[str]]:
        """Return the command line of each process by name."""
        return {
            "web": web_argv(self.port),
            "worker_a": worker_argv("data", "a@chaos", "--concurrency=2"),
            "worker_b": worker_argv("data", "b@chaos", "--concurrency=2"),
            SKEWED: worker_argv("data", "c@chaos", "--concurrency=1"),
            "bystander": worker_argv("emotion", "emotion@chaos", "--concurrency=1"),
            "reconciler_a": manage_argv("reconcile"),
            "reconciler_b": manage_argv("reconcile"),
        }

    def launch(self, name: str) -> None:
        """Start the process of that name; one worker lives an hour ahead of the others."""
        environment = self.environment() | ({"MCAI_TEST_CLOCK_SHIFT": "3600"} if name == SKEWED else {})
        with (self.home / f"{name}.log").open("ab") as log:
            self.processes[name] = tenants.spawn(self.plan()[name], home=self.home, environment=environment, output=log)

    def mend(self) -> None:
        """Start again what has died."""
        for name, process in list(self.processes.items()):
            if process.poll() is not None:
                tenants.kill_group(process.pid)
                self.launch(name)

    def wait_ready(self) -> None:
        """Wait until the web server is ready."""
        deadline = time.monotonic() + READY_SECONDS
        while not self._is_ready():
            self.mend()
            assert time.monotonic() < deadline, f"the web server is not ready; see {self.home}/web.log"
            time.sleep(0.2)

    def _is_ready(self) -> bool:
        try:
            return httpx.get(f"{self.url}/readyz", timeout=2).status_code == 200
        except httpx.TransportError:
            return False

    def children(self, name: str) -> list[psutil.Process]:
        """Return the forked children of a process."""
        try:
            return psutil.Process(self.processes[name].pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def signal(self, name: str, number: signal.Signals, *, group: bool = False) -> None:
        """Send a signal to a process, or to its whole group."""
        process = self.processes[name]
        if process.poll() is None:
            os.killpg(process.pid, number) if group else process.send_signal(number)
        if number == signal.SIGKILL:
            process.wait()

    def stop(self) -> None:
        """End everything."""
        for process in self.processes.values():
            tenants.kill_group(process.pid)
            process.wait()
        stack.stop(self.home)
