"""Starts the processes of the Procfile, starts again whichever dies, and stops them all."""

import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from mcai_project.embedded import tenants
from mcai_project.launch.errors import LaunchError
from mcai_project.launch.logs import Log, Screen

BEAT = 0.1
STOP_TIMEOUT = 15.0  # longer than a worker's soft shutdown
FIRST_DELAY, LONGEST_DELAY = 0.5, 30.0
STEADY = 60.0  # seconds after which a process counts as healthy again
GIVE_UP = 3  # deaths in a row, while starting, that make the launch fail


class Service:
    """One process of the Procfile, through all its lives."""

    def __init__(self, name: str, command: str, log: Log) -> None:
        self.name, self.log = name, log
        self.deaths = 0  # in a row
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None
        self._began = self._due = 0.0

    @property
    def pid(self) -> int | None:
        """Return the process id, or None between two lives."""
        return self._process.pid if self._process else None

    def start(self, home: Path, environment: Mapping[str, str]) -> None:
        """Start the process."""
        with self.log.open() as output:
            argv = ["/bin/sh", "-c", f"exec {self._command}"]
            self._process = tenants.spawn(argv, home=home, environment=environment, output=output)
        self._began = time.monotonic()

    def bury(self) -> str | None:
        """Return how the process died, or None while it lives; what it left of its group dies with it."""
        if self._process is None or (code := self._process.poll()) is None:
            return None
        tenants.kill_group(self._process.pid)
        self._process = None
        steady = time.monotonic() - self._began > STEADY
        self.deaths = 1 if steady else self.deaths + 1
        self._due = time.monotonic() + min(FIRST_DELAY * 2 ** (self.deaths - 1), LONGEST_DELAY)
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with exit code {code}"

    def is_due(self) -> bool:
        """Return whether it is dead and its delay is over."""
        return self._process is None and time.monotonic() >= self._due

    def terminate(self) -> None:
        """Ask the process to stop."""
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def finish(self, timeout: float) -> bool:
        """Wait until the process has ended, then kill what is left of its group; return whether it ended itself."""
        if self._process is None:
            return True
        try:
            self._process.wait(timeout)
            return True
        except subprocess.TimeoutExpired:
            return False
        finally:
            tenants.kill_group(self._process.pid)
            self._process.wait()
            self._process = None


class Supervisor:
    """All processes of the Procfile.

    Parameters
    ----------
    commands : mapping
        Command by name.
    home : Path
        Whose tenants they are; their logs go to ``logs`` in it.
    environment : mapping
        Their environment.
    screen : Screen
        Where a person reads what they print.
    """

    def __init__(
        self, commands: Mapping[str, str], *, home: Path, environment: Mapping[str, str], screen: Screen
    ) -> None:
        self._home, self._environment, self._screen = home, environment, screen
        self.services = [Service(name, each, Log(home / "logs" / f"{name}.log")) for name, each in commands.items()]
        self.when_changed: Callable[[], object] = lambda: None
        self.each_second: Callable[[], object] = lambda: None
        self._second = 0.0

    def pids(self) -> dict[str, int]:
        """Return the process id of each process that lives."""
        return {each.name: each.pid for each in self.services if each.pid is not None}

    def start(self) -> None:
        """Start every process."""
        for service in self.services:
            service.start(self._home, self._environment)

    def tick(self) -> None:
        """Show what was printed, start again what has died, and rest a moment."""
        self._show()
        changed = [self._mend(service) for service in self.services]
        if any(changed):
            self.when_changed()
        if time.monotonic() - self._second > 1:
            self.each_second()
            self._second = time.monotonic()
        time.sleep(BEAT)

    def wait_until(self, condition: Callable[[], bool], what: str, timeout: float) -> None:
        """Tick until ``condition`` holds.

        Raises
        ------
        LaunchError
            When ``timeout`` seconds pass, or a process keeps dying.
        """
        deadline = time.monotonic() + timeout
        while not condition():
            self.tick()
            for service in self.services:
                if service.deaths >= GIVE_UP:
                    raise LaunchError(
                        f"{service.name} keeps dying. Its log is {service.log.path}\n{service.log.tail()}"
                    )
            if time.monotonic() > deadline:
                raise LaunchError(f"{what}: not after {timeout:.0f} s. The logs are in {self._home / 'logs'}")

    def stop(self) -> None:
        """Stop every process, all at once; kill what does not stop in time."""
        for service in self.services:
            service.terminate()
        deadline = time.monotonic() + STOP_TIMEOUT
        for service in self.services:
            if not service.finish(max(0.0, deadline - time.monotonic())):
                self._screen.say(f"{service.name} did not stop in {STOP_TIMEOUT:.0f} s and was killed")
            self._show()

    def kill(self) -> None:
        """Kill every process at once."""
        for service in self.services:
            service.finish(0.0)

    def _show(self) -> None:
        for service in self.services:
            for line in service.log.new_lines():
                self._screen.show(service.name, line)

    def _mend(self, service: Service) -> bool:
        death = service.bury()
        if death:
            self._screen.say(f"{service.name} {death}; starting it again (log: {service.log.path})")
        if service.is_due():
            service.start(self._home, self._environment)
            return True
        return death is not None
