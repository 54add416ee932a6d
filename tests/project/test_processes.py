import os
import subprocess
import sys

import psutil

from tests.conftest import Start
from tests.waiting import PATIENCE


def test_a_worker_is_ready_and_stops_in_order(start_worker: Start) -> None:
    worker = start_worker("art")
    family = [psutil.Process(worker.pid), *psutil.Process(worker.pid).children(recursive=True)]
    assert len(family) == 2

    assert worker.stop() == 0

    assert not any(process.is_running() for process in family)


def test_a_command_runs_on_the_test_database(start_command: Start) -> None:
    command = start_command("shell", "-c", "from django.db import connection; print(connection.settings_dict['NAME'])")
    command.wait_for("test_mcai")


def test_the_web_server_answers(live_web: str) -> None:
    assert live_web.startswith("http://127.0.0.1:")


def test_starting_django_loads_none_of_the_numeric_libraries() -> None:
    code = "import sys, django; django.setup(); print({'numpy', 'scipy', 'sklearn', 'httpx'} & set(sys.modules))"
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "mcai_project.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.stdout == "set()\n", done.stderr
