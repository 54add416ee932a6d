"""Solved eigenproblems, kept in memory and beside it in files that every process maps.

A file is named by what the solution depends on and carries a digest of its content. It is written beside and then
renamed, so that writers never meet; one that is torn or altered is not believed, and solved and written anew.
"""

import hashlib
import json
import os
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Solution = list[Array]
P = TypeVar("P")

MEMORY = 24 * 2**20
"""Bytes of solutions kept in memory; the last one stays whatever its size."""

DISK = 256 * 2**20
"""Bytes of files kept; the oldest go first."""

_MAGIC = b"MCAI eigenpairs 1\n"
_DIGEST = 32
_ALIGN = 64


def default_folder() -> Path | None:
    """Return the user's cache folder for eigenpairs, or None where the user has no home."""
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return (Path(base) if base else Path.home() / ".cache") / "mcai" / "eigenpairs"
    except RuntimeError:
        return None


class EigenCache:
    """Solutions by problem; ``folder`` is where the files live, None for memory alone.

    Recalled arrays are the very numbers that were solved for, so a result does not depend on the cache.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._memory: OrderedDict[str, Solution] = OrderedDict()

    def recall(self, problem: P, solve: Callable[[P], Solution]) -> Solution:
        """Return the solution of a problem (a frozen dataclass of plain values), solving it only if it is not known."""
        key = hashlib.sha256(f"{_MAGIC!r} {problem!r}".encode()).hexdigest()[:32]
        with self._lock:
            found = self._memory.get(key)
        if found is None:
            found = self._mapped(key)
        if found is None:
            found = [np.ascontiguousarray(array, np.float64) for array in solve(problem)]
            self._write(key, found)
        self._remember(key, found)
        return found

    def _remember(self, key: str, solution: Solution) -> None:
        with self._lock:
            self._memory[key] = solution
            self._memory.move_to_end(key)
            while len(self._memory) > 1 and sum(map(_size, self._memory.values())) > MEMORY:
                self._memory.popitem(last=False)

    def _mapped(self, key: str) -> Solution | None:
        if self.folder is None:
            return None
        try:
            return unpack(np.memmap(self.folder / key, np.uint8, "r"))
        except (OSError, ValueError):
            return None

    def _write(self, key: str, solution: Solution) -> None:
        """Keep a solution as a file. A full disk or a folder that cannot be written costs only the next solving."""
        if self.folder is None:
            return
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, prefix=".", delete=False) as file:
                beside = Path(file.name)
                try:
                    file.write(pack(solution))
                    file.flush()
                    beside.replace(self.folder / key)
                finally:
                    beside.unlink(missing_ok=True)
            _prune(self.folder)


def pack(solution: Solution) -> bytes:
    """Return the content of a file: magic, digest of the rest, shapes, then the arrays."""
    shapes = json.dumps([array.shape for array in solution]).encode() + b"\n"
    start = len(_MAGIC) + _DIGEST + len(shapes)
    body = shapes + b"\0" * (-start % _ALIGN) + b"".join(array.astype("<f8").tobytes() for array in solution)
    return _MAGIC + _digest(body) + body


def unpack(content: NDArray[np.uint8]) -> Solution | None:
    """Return the arrays of a file as views of its content, or None where it is not whole."""
    head = len(_MAGIC) + _DIGEST
    if bytes(content[: len(_MAGIC)]) != _MAGIC or bytes(content[len(_MAGIC) : head]) != _digest(content[head:].data):
        return None
    shapes, _, _ = bytes(content[head : head + 4096]).partition(b"\n")
    place = head + len(shapes) + 1
    place += -place % _ALIGN
    arrays = []
    for shape in json.loads(shapes):
        size = 8 * int(np.prod(shape))
        arrays.append(content[place : place + size].view("<f8").reshape(shape))
        place += size
    return arrays


def _digest(body: bytes | memoryview) -> bytes:
    return hashlib.blake2b(body, digest_size=_DIGEST).digest()


def _size(solution: Solution) -> int:
    return sum(0 if isinstance(array, np.memmap) else array.nbytes for array in solution)


def _prune(folder: Path) -> None:
    files = sorted(((path.stat(), path) for path in folder.iterdir()), key=lambda pair: -pair[0].st_mtime)
    total = 0
    for status, path in files:
        total += status.st_size
        if total > DISK:
            path.unlink(missing_ok=True)
