"""Files of jobs: written beside, then renamed into place inside the finishing transaction.

``files/<xx>/<job id>/`` holds what a completed job made, ``inputs/<job id>/`` what its client sent, ``staging/<lease
token>/`` what a running attempt is writing. A rename is atomic, and it happens behind the fence of the job's row, so
no reader ever meets half a file, and an attempt that lost its lease leaves nothing.
"""

import hashlib
import os
import re
import shutil
import time
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.conf import settings

from jobs.outcome import OutFile

_CHUNK = 1 << 20
_JOB_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def stage(token: UUID, files: Iterable[OutFile]) -> list[dict[str, Any]]:
    """Write files to the staging folder of `token`; return name, type, size, SHA-256 and meta of each."""
    folder = _staging(token)
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder, file) for file in files]


def publish(job_id: UUID, token: UUID) -> None:
    """Rename what was staged under `token` to be the files of the job. Call it while the job's row is locked.

    Once more does no harm: where the commit behind the rename failed, the same attempt comes again.
    """
    target, staged = folder_of(job_id), _staging(token)
    if target.exists() and not staged.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():  # of an attempt that died between this rename and its commit
        shutil.rmtree(target)
    staged.rename(target)
    _sync_folder(target.parent)


def discard(token: UUID) -> None:
    """Remove whatever is staged under `token`."""
    shutil.rmtree(_staging(token), ignore_errors=True)


def remove(job_id: UUID) -> None:
    """Remove every file of the job, made or sent."""
    shutil.rmtree(folder_of(job_id), ignore_errors=True)
    shutil.rmtree(input_folder(job_id), ignore_errors=True)


def folder_of(job_id: UUID) -> Path:
    """Return the folder of the job's files, under the id's last two digits (its first ones are a time)."""
    name = str(job_id)
    return Path(settings.MCAI_FILES) / "files" / name[-2:] / name


def input_folder(job_id: UUID) -> Path:
    """Return the folder of what the job's client sent."""
    return Path(settings.MCAI_FILES) / "inputs" / str(job_id)


def staged_tokens() -> dict[str, float]:
    """Return the tokens that have a staging folder, with its time of change."""
    return {path.name: path.stat().st_mtime for path in _listed(Path(settings.MCAI_FILES) / "staging")}


def shard_of_now() -> int:
    """Return the shard whose turn it is to be swept: each of the 256 comes once in four hours or so."""
    return int(time.time() // 60) % 256


def left_in(shard: int, older_than: float) -> tuple[list[UUID], list[UUID]]:
    """Return the jobs of one shard whose made and whose sent files nobody touched since `older_than`."""
    root, end = Path(settings.MCAI_FILES), f"{shard:02x}"
    made, sent = (_listed(folder) for folder in (root / "files" / end, root / "inputs"))
    return _untouched(made, end, older_than), _untouched(sent, end, older_than)


def store_input(job_id: UUID, name: str, chunks: Iterable[bytes], media_type: str) -> dict[str, Any]:
    """Keep an uploaded file for the job; return what the parameters hold of it. The client's name is never a path."""
    folder = input_folder(job_id)
    folder.mkdir(parents=True, exist_ok=True)
    suffix = "".join(c for c in Path(name).suffix[:10] if c.isalnum() or c == ".")
    path = folder / f"upload{suffix}"
    size, digest = _copy(chunks, path)
    return {"name": Path(name).name[:200], "path": path.name, "size": size, "sha256": digest, "media_type": media_type}


def resolve_input(job_id: UUID, params: dict[str, Any]) -> dict[str, Any]:
    """Return the parameters with the path of their uploaded file made whole."""
    file = params.get("file")
    if not isinstance(file, dict) or "path" not in file:
        return params
    return params | {"file": file | {"path": str(input_folder(job_id) / Path(file["path"]).name)}}


def sweep_staging(alive: Collection[str], older_than: float) -> int:
    """Remove staging folders of tokens that are not `alive` and that nobody touched since `older_than`."""
    stale = [name for name, touched in staged_tokens().items() if name not in alive and touched < older_than]
    for name in stale:
        shutil.rmtree(Path(settings.MCAI_FILES) / "staging" / name, ignore_errors=True)
    return len(stale)


def _write(folder: Path, file: OutFile) -> dict[str, Any]:
    if Path(file.name).name != file.name or file.name.startswith("."):
        raise ValueError(f"{file.name!r} is no plain file name")
    size, digest = _copy(_chunks(file.content), folder / file.name)
    return {"name": file.name, "media_type": file.media_type, "size": size, "sha256": digest, **file.meta}


def _chunks(content: bytes | BinaryIO | Path) -> Iterable[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    stream = content.open("rb") if isinstance(content, Path) else content
    with stream:
        stream.seek(0)
        while chunk := stream.read(_CHUNK):
            yield chunk


def _copy(chunks: Iterable[bytes], path: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as target:
        for chunk in chunks:
            target.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        target.flush()
        os.fsync(target.fileno())
    return size, digest.hexdigest()


def _untouched(paths: Iterable[Path], end: str, older_than: float) -> list[UUID]:
    """Return the jobs whose folders these are; what bears no job's id is none of ours."""
    old = [path.name for path in paths if path.name.endswith(end) and path.stat().st_mtime < older_than]
    return [UUID(name) for name in old if _JOB_ID.fullmatch(name)]


def _listed(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _staging(token: UUID) -> Path:
    return Path(settings.MCAI_FILES) / "staging" / str(token)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
