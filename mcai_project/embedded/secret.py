"""Secrets that a home keeps: made on first use, then always the same."""

import os
import secrets
from pathlib import Path


def kept(home: Path, name: str, length: int = 24) -> str:
    """Return the secret kept in ``home`` under ``name``, of ``length`` random bytes when it must be made first."""
    path = home / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        home.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{name}.{os.getpid()}.tmp")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(secrets.token_urlsafe(length))
    try:
        os.link(beside, path)  # whoever links first wins, so that processes starting at once agree
    except FileExistsError:
        pass
    finally:
        beside.unlink()
    return path.read_text().strip()
