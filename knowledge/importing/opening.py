"""A file as a stream of plain bytes: gzip taken off, bombs and changes noticed."""

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from knowledge.importing.issues import FileError

BUFFER_BYTES = 1 << 16
GZIP_MAGIC = b"\x1f\x8b"
FOREIGN = {b"PK\x03\x04": "a ZIP archive", b"\xfd7zXZ": "an XZ file", b"BZh": "a bzip2 file", b"%PDF": "a PDF"}
BOMB_FLOOR_BYTES = 64 << 20
BOMB_RATIO = 200
"""Text shrinks some 3 to 20 times; deflate's limit is about 1,030. Beyond this and the floor, it is a bomb."""


class Unzipped(io.RawIOBase):
    """The contents of a gzip stream, as long as they grow in proportion to what was read of it."""

    def __init__(self, raw: io.BufferedReader) -> None:
        self._raw = raw
        self._plain = gzip.GzipFile(fileobj=raw)
        self._produced = 0

    def readable(self) -> bool:
        """Say that this can be read."""
        return True

    def readinto(self, buffer: object) -> int:
        """Fill ``buffer`` with plain bytes."""
        try:
            count = self._plain.readinto(buffer)  # type: ignore[arg-type]
        except (OSError, EOFError, zlib.error) as error:
            raise FileError(f"The gzip data is damaged: {error}.") from error
        self._produced += count
        if self._produced > BOMB_FLOOR_BYTES and self._produced > BOMB_RATIO * max(self._raw.tell(), 1):
            raise FileError(f"The gzip data grows more than {BOMB_RATIO} times: it looks like a bomb.")
        return count


@contextmanager
def opened(path: Path) -> Iterator[tuple[io.BufferedReader, io.BufferedReader]]:
    """Open ``path`` and give the stream of plain bytes, and the raw one, whose ``tell()`` measures progress.

    Raises
    ------
    FileError
        The file cannot be opened, is of a foreign kind, or changed while it was read.
    """
    try:
        raw: io.BufferedReader = io.BufferedReader(io.FileIO(path), BUFFER_BYTES)
    except OSError as error:
        raise FileError(f"It cannot be opened: {error.strerror}.") from error
    with raw:
        before = _identity(path)
        head = raw.peek(8)
        _refuse_foreign(head)
        yield (io.BufferedReader(Unzipped(raw), BUFFER_BYTES) if head.startswith(GZIP_MAGIC) else raw), raw
        if _identity(path) != before:
            raise FileError("It changed while it was being read.")


def _identity(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _refuse_foreign(head: bytes) -> None:
    for magic, what in FOREIGN.items():
        if head.startswith(magic):
            raise FileError(f"This is {what}; only gzip is unpacked.")
