"""The passwords of a home's servers, made once and kept: its data can only be opened with them."""

import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from mcai_project.embedded.state import write_private


def _password() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True, slots=True)
class Credentials:
    """One password for each way in."""

    superuser: str = field(default_factory=_password)
    database: str = field(default_factory=_password)
    redis: str = field(default_factory=_password)


def load(home: Path) -> Credentials:
    """Return the credentials kept in ``home``, made on first use."""
    path = home / "embedded.credentials.json"
    try:
        return Credentials(**json.loads(path.read_text()))
    except FileNotFoundError:
        made = Credentials()
    write_private(path, json.dumps(asdict(made)))
    return made
