"""``launch run``: the system, left running until somebody stops it."""

from pathlib import Path

from mcai_project.embedded.tenants import told_of
from mcai_project.launch import system
from mcai_project.launch.errors import Interrupted
from mcai_project.launch.runfile import RunFile


def run(home: Path) -> int:
    """Bring the system up and look after it until told to stop."""
    try:
        with system.running(home, quiet=False) as up:
            print(_banner(home, up.run), flush=True)
            while True:
                up.tick()
    except Interrupted:
        return 0


def _banner(home: Path, run: RunFile) -> str:
    return f"""
  MC AI is running. Ctrl-C stops it.

    web      {run.web_url}
    API      {run.web_url}/api/docs   key {run.api_key}
    admin    {run.web_url}/admin/     {run.admin_user} / {run.admin_password}
    Flower   {run.flower_url}          {run.flower_user} / {run.flower_password}
    scripts  {told_of(home)}
    logs     {home / "logs"}
"""
