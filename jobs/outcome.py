"""What a handler gives back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO


@dataclass(frozen=True, slots=True)
class OutFile:
    """A produced file: bytes, a seekable stream, or a path to move; `meta` as in the contract (width, duration …)."""

    name: str
    media_type: str
    content: bytes | BinaryIO | Path
    meta: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job made.

    ``commit`` writes the job's effect to the database. It is called inside the finishing transaction, once the
    row is fenced, so that the effect and the job's end stand or fall together; what it returns joins ``data``.
    """

    data: dict[str, Any]
    files: tuple[OutFile, ...] = ()
    commit: Callable[[], Mapping[str, Any] | None] | None = None
