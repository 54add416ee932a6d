"""What the exported files say of themselves."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

_NAME = "manifest.json"


@dataclass(frozen=True, slots=True)
class ExportedDomain:
    """One domain as it was when exported.

    ``described`` are its columns, ``known`` all that was known of it, ``file`` the name of its examples' file.
    """

    id: int
    version: int
    file: str
    described: dict[str, Any]
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The domain's name."""
        return str(self.described["domain_name"])


@dataclass(frozen=True, slots=True)
class Manifest:
    """The state that the files hold: when they were written (Unix time), domains by name, emotions."""

    written_at: float
    domains: dict[str, ExportedDomain]
    emotions: list[dict[str, Any]]


NOTHING = Manifest(0.0, {}, [])


def folder() -> Path:
    """Return where the files are."""
    return Path(settings.SHARED_CACHE_EXPORTS)


def read_manifest() -> Manifest:
    """Return the manifest; an empty one where there is none, or none that can be read."""
    try:
        data = orjson.loads((folder() / _NAME).read_bytes())
        domains = [ExportedDomain(**domain) for domain in data["domains"]]
        return Manifest(float(data["written_at"]), {d.name: d for d in domains}, list(data["emotions"]))
    except (OSError, ValueError, KeyError, TypeError):
        return NOTHING


def write_manifest(manifest: Manifest) -> None:
    """Replace the manifest at one stroke."""
    domains = list(manifest.domains.values())
    data = {"written_at": manifest.written_at, "domains": domains, "emotions": manifest.emotions}
    beside = folder() / f"{_NAME}.{os.getpid()}.tmp"
    beside.write_bytes(orjson.dumps(data))
    beside.replace(folder() / _NAME)
