import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from mcai_project.embedded import lock, stack, tenants
from mcai_project.embedded.ports import free_port
from mcai_project.embedded.tenants import ROOT, told_of
from mcai_project.launch import procfile, system
from mcai_project.launch.environment import Services, environment
from mcai_project.launch.errors import LaunchError
from tests.waiting import PATIENCE, eventually

KEYS = {
    "web_url", "flower_url", "flower_user", "flower_password", "admin_user", "admin_password", "api_key",
    "database_url", "redis_url", "pids",
}  # fmt: skip
NOT_HANDED_ON = {"DATABASE_URL", "REDIS_URL", "PROMETHEUS_MULTIPROC_DIR"}  # the last is set as we count ourselves
NOWHERE = Services("postgresql://nobody@127.0.0.1:9/none", "redis://127.0.0.1:9/0")


def test_a_second_launch_in_one_home_is_refused_and_told_why(kept_home: Path) -> None:
    kept_home.mkdir(parents=True, exist_ok=True)
    with (
        lock.hold(system.lock_path(kept_home)),
        pytest.raises(LaunchError, match="already runs"),
        system.running(kept_home, quiet=True),
    ):
        raise AssertionError


def test_a_port_that_is_demanded_must_be_free(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("PORT", str(taken.getsockname()[1]))
        with pytest.raises(LaunchError, match=r"PORT is .* another process"):
            environment(tmp_path, NOWHERE)


@pytest.mark.parametrize("wrong", ["eighty", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLOWER_PORT", wrong)
    with pytest.raises(LaunchError, match=r"FLOWER_PORT is .* 1 to 65535"):
        environment(tmp_path, NOWHERE)


@pytest.mark.slow
def test_the_whole_system_runs_mends_itself_and_stops_when_asked(launch: "Launch") -> None:
    launch.until(lambda: told_of(launch.home).exists())
    run = json.loads(told_of(launch.home).read_text())
    assert run.keys() == KEYS
    assert run["pids"].keys() == procfile.commands().keys()
    assert told_of(launch.home).stat().st_mode & 0o777 == 0o600
    _answers(run)

    os.kill(run["pids"]["worker_art"], signal.SIGKILL)
    launch.until(lambda: launch.pids().get("worker_art") not in {None, run["pids"]["worker_art"]})
    assert launch.pids() | {"worker_art": 0} == run["pids"] | {"worker_art": 0}

    before = stack.running(launch.home)
    assert before is not None
    os.kill(before.keeper_pid, signal.SIGKILL)
    launch.until(lambda: stack.running(launch.home) not in {None, before})
    launch.until(lambda: _is_ready(run))

    launch.process.send_signal(signal.SIGINT)
    assert launch.process.wait(PATIENCE) == 0
    assert stack.running(launch.home) is None
    assert tenants.remaining(launch.home) == []
    assert not told_of(launch.home).exists()


@pytest.mark.slow
def test_nothing_is_left_of_a_launch_that_is_killed(launch: "Launch") -> None:
    launch.until(lambda: len(tenants.remaining(launch.home)) >= len(procfile.commands()))

    launch.process.kill()
    launch.process.wait()

    launch.until(lambda: not lock.held(launch.home / "embedded.lock"))
    assert tenants.remaining(launch.home) == []


class Launch:
    """``launch run`` in a home of its own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        own = {"MCAI_HOME": str(home), "PORT": str(free_port()), "FLOWER_PORT": str(free_port())}
        given = {name: value for name, value in os.environ.items() if name not in NOT_HANDED_ON}
        self._output = home.with_suffix(".out")
        home.parent.mkdir(parents=True, exist_ok=True)
        with self._output.open("wb") as output:
            argv = [sys.executable, "-m", "mcai_project.launch", "run"]
            self.process = subprocess.Popen(argv, cwd=ROOT, env=given | own, stdout=output, stderr=output)

    def pids(self) -> dict[str, int]:
        return json.loads(told_of(self.home).read_text())["pids"]

    def until(self, condition: Callable[[], bool]) -> None:
        def holds() -> bool:
            assert self.process.poll() in {None, -signal.SIGKILL}, self._output.read_text()
            return condition()

        eventually(holds, self._output.read_text)


@pytest.fixture
def launch(kept_home: Path) -> Iterator[Launch]:
    started = Launch(kept_home)
    yield started
    if started.process.poll() is None:
        started.process.terminate()
        started.process.wait(PATIENCE)
    stack.stop(kept_home)


def _is_ready(run: dict[str, str]) -> bool:
    return httpx.get(f"{run['web_url']}/readyz", timeout=PATIENCE).is_success


def _answers(run: dict[str, str]) -> None:
    key = {"Authorization": f"Bearer {run['api_key']}"}
    assert httpx.get(f"{run['web_url']}/api/jobs", headers=key).is_success
    assert httpx.get(f"{run['web_url']}/api/jobs").status_code == 401
    assert httpx.get(f"{run['flower_url']}/workers").status_code == 401
    assert httpx.get(f"{run['flower_url']}/workers", auth=(run["flower_user"], run["flower_password"])).is_success
