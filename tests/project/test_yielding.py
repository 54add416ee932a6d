import subprocess
import sys
from pathlib import Path

import psutil

from mcai_project.embedded.ports import free_port
from tests.conftest import Start
from tests.processes import answers, web_argv
from tests.waiting import PATIENCE

AUTOGROUP = Path("/proc/self/autogroup")


def test_a_nice_worker_makes_its_session_nice() -> None:
    assert _niceness_of_session(own=True, expected_of_kernel=7)


def test_the_session_of_a_shell_is_left_alone() -> None:
    assert _niceness_of_session(own=False, expected_of_kernel=0)


def test_a_web_server_started_nice_makes_its_session_nice(start_process: Start) -> None:
    port = free_port()
    web = start_process(["nice", "-n", "8", *web_argv(port)])
    web.wait_until(lambda: answers(f"http://127.0.0.1:{port}/livez"), "it answered")

    serving = psutil.Process(web.pid).children()[0]
    assert serving.nice() == 8
    if AUTOGROUP.exists():
        assert Path(f"/proc/{serving.pid}/autogroup").read_text().strip().endswith("nice 8")


def _niceness_of_session(*, own: bool, expected_of_kernel: int) -> bool:
    """Give way in a process with a session of its own, or in one of somebody else's; compare what the kernel says."""
    child = (
        "import os; from pathlib import Path; from mcai_project.yielding import give_way\n"
        "os.nice(7); give_way(); file = Path('/proc/self/autogroup')\n"
        "print(file.read_text() if file.exists() else 'none')"
    )
    shell = "import subprocess, sys; subprocess.run([sys.executable, *sys.argv[1:]], check=True)"
    argv = [sys.executable, "-c", child] if own else [sys.executable, "-c", shell, "-c", child]
    done = subprocess.run(argv, start_new_session=True, capture_output=True, text=True, check=True, timeout=PATIENCE)
    expected = f"nice {expected_of_kernel}" if AUTOGROUP.exists() else "none"
    return done.stdout.strip().endswith(expected)
