import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from mcai_project.embedded import tenants
from mcai_project.launch.errors import LaunchError
from mcai_project.launch.logs import Screen
from mcai_project.launch.supervisor import Supervisor
from tests.waiting import PATIENCE, eventually


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "logs").mkdir()
    return tmp_path


@pytest.fixture
def supervise(home: Path) -> Iterator["type[Supervisor]"]:
    made: list[Supervisor] = []

    def start(**commands: str) -> Supervisor:
        screen = Screen(list(commands), quiet=False)
        made.append(Supervisor(commands, home=home, environment=os.environ, screen=screen))
        made[-1].start()
        return made[-1]

    yield start
    for supervisor in made:
        supervisor.kill()


def test_a_process_that_is_killed_starts_again(supervise, capsys) -> None:
    supervisor = supervise(one="sleep 600", two="sleep 600")
    before = supervisor.pids()
    changes = []
    supervisor.when_changed = lambda: changes.append(supervisor.pids())

    os.kill(before["one"], signal.SIGKILL)
    supervisor.wait_until(lambda: "one" in (changes or [{}])[-1], "it is back", PATIENCE)

    assert supervisor.pids()["one"] != before["one"]
    assert supervisor.pids()["two"] == before["two"]
    assert "one was killed by SIGKILL; starting it again" in capsys.readouterr().out


def test_the_children_of_a_killed_process_go_with_it(supervise, home: Path) -> None:
    supervisor = supervise(parent="sh -c 'sleep 600 & echo $!; wait'")
    log = home / "logs" / "parent.log"
    supervisor.wait_until(lambda: "\n" in log.read_text(), "it told its child", PATIENCE)
    child = int(log.read_text())

    os.kill(supervisor.pids()["parent"], signal.SIGKILL)

    supervisor.wait_until(lambda: not psutil.pid_exists(child), "the child is gone", PATIENCE)


def test_a_process_that_keeps_dying_fails_the_launch_with_its_log(supervise) -> None:
    supervisor = supervise(bad="sh -c 'echo no such luck; exit 3'")
    with pytest.raises(LaunchError, match=r"bad keeps dying(.|\n)*bad\.log(.|\n)*no such luck"):
        supervisor.wait_until(lambda: False, "never", PATIENCE)


def test_stopping_leaves_nothing(supervise, home: Path) -> None:
    supervisor = supervise(polite="sleep 600", parent="sh -c 'sleep 600 & wait'")
    supervisor.stop()
    assert supervisor.pids() == {}
    assert tenants.remaining(home) == []


def test_lines_are_shown_behind_the_name_of_their_process(supervise, capsys) -> None:
    supervisor = supervise(speaker="sh -c 'echo hello; sleep 600'")
    shown: list[str] = []

    def heard() -> bool:
        shown.append(capsys.readouterr().out)
        return "speaker | hello" in "".join(shown)

    supervisor.wait_until(heard, "it spoke", PATIENCE)


def test_tenants_are_found_however_they_were_orphaned(home: Path) -> None:
    orphan = tenants.spawn(
        ["sh", "-c", "setsid sleep 600 & exit 0"], home=home, environment=os.environ, output=_nowhere()
    )
    orphan.wait()
    eventually(lambda: len(tenants.remaining(home)) == 1, "what was forked has become what it is to be")

    tenants.end(home, grace=10, ask=True)

    assert tenants.remaining(home) == []


def _nowhere() -> int:
    return os.open(os.devnull, os.O_WRONLY)
