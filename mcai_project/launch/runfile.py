"""``run.json``: what a running system tells scripts of itself."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from mcai_project.embedded.state import write_private
from mcai_project.embedded.tenants import told_of


@dataclass(frozen=True, slots=True)
class RunFile:
    """Its keys, as they stand in the contract."""

    web_url: str
    flower_url: str
    flower_user: str
    flower_password: str
    admin_user: str
    admin_password: str
    api_key: str
    database_url: str
    redis_url: str
    pids: dict[str, int]


def write(home: Path, run: RunFile) -> None:
    """Write the file, readable by its owner alone."""
    write_private(told_of(home), json.dumps(asdict(run), indent=2) + "\n")


def read(home: Path) -> RunFile | None:
    """Return what the file says, or None where there is none."""
    try:
        return RunFile(**json.loads(told_of(home).read_text()))
    except FileNotFoundError:
        return None


def remove(home: Path) -> None:
    """Remove the file: nothing runs any longer."""
    told_of(home).unlink(missing_ok=True)
