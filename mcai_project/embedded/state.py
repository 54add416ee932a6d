"""What a running embedded stack says of itself, in a file that other processes read."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StackState:
    """Where the embedded servers listen, and the process ids to look for."""

    database_url: str
    redis_url: str
    postgres_pid: int
    valkey_pid: int
    keeper_pid: int


def home() -> Path:
    """Return the folder that holds all data of this clone: ``MCAI_HOME``, or ``.mcai`` beside ``manage.py``."""
    given = os.environ.get("MCAI_HOME")
    return Path(given).resolve() if given else Path(__file__).resolve().parents[2] / ".mcai"


def state_path(folder: Path) -> Path:
    """Return the state file of the stack that lives in ``folder``."""
    return folder / "embedded.json"


def read_state(folder: Path) -> StackState | None:
    """Return the state that the stack in ``folder`` wrote, or None where it never did or the file is torn."""
    try:
        return StackState(**json.loads(state_path(folder).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write_state(folder: Path, state: StackState) -> None:
    """Write the state, readable by its owner alone (it holds passwords)."""
    write_private(state_path(folder), json.dumps(asdict(state)))


def write_private(path: Path, text: str) -> None:
    """Write ``text`` beside ``path`` and rename it there, so that no reader sees a part; mode 600."""
    beside = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)
    beside.replace(path)
