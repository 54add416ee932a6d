"""What the commands that make files share."""

import json
from pathlib import Path
from typing import Any

from generation.engines.contract import File


def option(pair: str) -> tuple[str, Any]:
    """Read ``NAME=VALUE``, the value as JSON where it is JSON, else as text."""
    name, _, value = pair.partition("=")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def write(file: File, folder: Path) -> Path:
    """Write a file into a folder, made if need be, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / file.name
    path.write_bytes(file.content if isinstance(file.content, bytes) else file.content.read())
    return path
