"""The output of each process: a file of its own, and, where a person watches, its new lines with a prefix.

The processes write to the files themselves: a slow terminal cannot hold them up, nor can our death break them.
"""

import os
import shutil
import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import cycle
from pathlib import Path
from typing import IO

from honcho.colour import get_colours
from honcho.printer import Message, Printer

LIMIT = 50_000_000
SYSTEM = "system"


class Log:
    """The log file of one process, and how far it was read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.touch()
        self._read = path.stat().st_size
        self._torn = b""

    def open(self) -> IO[bytes]:
        """Open the file for a process to append to."""
        return self.path.open("ab")

    def new_lines(self) -> Iterator[str]:
        """Yield the whole lines that came since the last call."""
        with self.path.open("rb") as stream:
            stream.seek(self._read)
            fresh = stream.read()
        self._read += len(fresh)
        *lines, self._torn = (self._torn + fresh).split(b"\n")
        yield from (line.decode(errors="replace") for line in lines)
        self._turn()

    def tail(self, count: int = 15) -> str:
        """Return the last lines."""
        return "\n".join(self.path.read_text(errors="replace").splitlines()[-count:])

    def _turn(self) -> None:
        """Keep one old file and start anew; the processes append, so they go on at the new end."""
        if self._read > LIMIT:
            shutil.copyfile(self.path, self.path.with_suffix(".log.1"))
            os.truncate(self.path, 0)
            self._read = 0


class Screen:
    """Where a person reads: each line behind the time and the name of its process."""

    def __init__(self, names: list[str], *, quiet: bool) -> None:
        self._printer = Printer(sys.stdout, width=max(map(len, [*names, SYSTEM])))
        self._colours = dict(zip(names, cycle(get_colours()), strict=False))
        self._quiet = quiet

    def show(self, name: str, line: str) -> None:
        """Print a line of the process ``name``, unless we are quiet."""
        if not self._quiet:
            self._print(name, line)

    def say(self, line: str) -> None:
        """Print a line of our own."""
        self._print(SYSTEM, line)

    def _print(self, name: str, line: str) -> None:
        now = datetime.now()  # noqa: DTZ005 - the wall clock of whoever watches
        self._printer.write(Message("line", line, now, name, self._colours.get(name)))
