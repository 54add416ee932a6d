"""The whole system of one home, running: servers, preparation, every process of the Procfile."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from mcai_project.embedded import lock, tenants
from mcai_project.embedded.places import Places
from mcai_project.embedded.ports import LOOPBACK
from mcai_project.launch import prepare, procfile, runfile, signals
from mcai_project.launch.environment import FLOWER_USER, Services, environment, flower_url, services
from mcai_project.launch.errors import Interrupted, LaunchError
from mcai_project.launch.logs import Log, Screen
from mcai_project.launch.readiness import Workers, answers
from mcai_project.launch.runfile import RunFile
from mcai_project.launch.supervisor import Supervisor

START_TIMEOUT = 120.0
EVERYWHERE = {"0.0.0.0", "::", "[::]"}  # noqa: S104 - recognised, not bound


class System:
    """What runs, and how to reach it."""

    def __init__(self, run: RunFile, supervisor: Supervisor) -> None:
        self.run = run
        self._supervisor = supervisor

    def tick(self) -> None:
        """Look after the processes for a moment."""
        self._supervisor.tick()


def lock_path(home: Path) -> Path:
    """Return the lock file that a launch of ``home`` holds."""
    return home / "run.lock"


@contextmanager
def running(home: Path, *, quiet: bool) -> Iterator[System]:
    """Bring the whole system up, yield it ready, and stop it at the end, in order.

    Raises
    ------
    LaunchError, EmbeddedError
        When it cannot come up, or another launch of this home has not ended.
    """
    screen = Screen(list(procfile.commands()), quiet=quiet)
    Places(home).prepare()
    with lock.hold(lock_path(home)) as ours:
        if not ours:
            raise LaunchError(_already(home))
        tenants.end(home, grace=0, ask=False)  # whom a killed launch left
        try:
            with services(home, screen.say) as given:
                yield from _run(home, given, screen)
        finally:
            signals.ignore()
            runfile.remove(home)


def _run(home: Path, given: Services, screen: Screen) -> Iterator[System]:
    variables = environment(home, given)
    _prepare(home, variables, screen.say)
    supervisor = Supervisor(procfile.commands(), home=home, environment=variables, screen=screen)
    supervisor.each_second = given.mend
    try:
        screen.say("starting web, workers, reconciler, beat and Flower")
        supervisor.start()
        _wait(supervisor, variables, screen.say)
        run = _publish(home, variables, supervisor)
        yield System(run, supervisor)
    finally:
        screen.say("stopping")
        _stop(supervisor)


def _publish(home: Path, variables: dict[str, str], supervisor: Supervisor) -> RunFile:
    """Write run.json, now and whenever a process gets a new id."""

    def publish() -> RunFile:
        run = _run_file(home, variables, supervisor.pids())
        runfile.write(home, run)
        return run

    supervisor.when_changed = publish
    return publish()


def _run_file(home: Path, variables: dict[str, str], pids: dict[str, int]) -> RunFile:
    return RunFile(
        web_url=_web_url(variables),
        flower_url=flower_url(variables["FLOWER_PORT"]),
        flower_user=FLOWER_USER,
        flower_password=variables["FLOWER_BASIC_AUTH"].partition(":")[2],
        admin_user=prepare.ADMIN,
        admin_password=(home / prepare.ADMIN_PASSWORD).read_text().strip(),
        api_key=(home / prepare.API_KEY).read_text().strip(),
        database_url=variables["DATABASE_URL"],
        redis_url=variables["REDIS_URL"],
        pids=pids,
    )


def _web_url(variables: dict[str, str]) -> str:
    host = variables["HOST"]
    return f"http://{LOOPBACK if host in EVERYWHERE else host}:{variables['PORT']}"


def _prepare(home: Path, variables: dict[str, str], say: Callable[[str], None]) -> None:
    log = Log(home / "logs" / "prepare.log")
    with log.open() as output:
        argv = ["python", "-m", prepare.__name__]
        process = tenants.spawn(argv, home=home, environment=variables, output=output)
    try:
        while process.poll() is None:
            _tell(log, say)
            _pause(process)
        _tell(log, say)
    finally:
        process.kill()
        process.wait()
    if process.returncode:
        raise LaunchError(f"The database could not be prepared. The log is {log.path}")


def _tell(log: Log, say: Callable[[str], None]) -> None:
    for line in log.new_lines():
        say(line)


def _pause(process: "subprocess.Popen[bytes]") -> None:
    try:
        process.wait(0.1)
    except subprocess.TimeoutExpired:
        return


def _wait(supervisor: Supervisor, variables: dict[str, str], say: Callable[[str], None]) -> None:
    flower = flower_url(variables["FLOWER_PORT"])
    workers = Workers(variables["REDIS_URL"])
    for condition, what in (  # each in the words of the progress line, and of the error
        (lambda: answers(f"{_web_url(variables)}/readyz"), "web is ready"),
        (lambda: not workers.missing(), "every worker answers"),
        (lambda: answers(f"{flower}/healthcheck"), "Flower answers"),
    ):
        supervisor.wait_until(condition, what, START_TIMEOUT)
        say(what)


def _stop(supervisor: Supervisor) -> None:
    """Stop in order; whoever asks a second time gets it at once."""
    try:
        supervisor.stop()
    except Interrupted:
        supervisor.kill()
    finally:
        signals.ignore()


def _already(home: Path) -> str:
    run = runfile.read(home)
    where = f"at {run.web_url}" if run else "and is starting or stopping"
    return f"MC AI already runs in this clone {where}. Stop that one first (Ctrl-C where it runs); its data is {home}"
