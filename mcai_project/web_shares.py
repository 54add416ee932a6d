"""Connections shared out evenly among the web processes.

A connection stays with the process that accepted it. Left to chance, one process gets more of those that are busy than
another, and its clients wait longer. So each tells the others how many it has, in memory that all of them share, and
the one that has more leaves new ones to them.
"""

import mmap
import struct
from typing import Any

_PROCESSES = 64  # slots; gunicorn numbers its workers from one, also those that replace others
_SLACK = 1
_NUMBER = struct.Struct("i")
_memory = mmap.mmap(-1, _PROCESSES * _NUMBER.size)  # of this process and those forked from it
_counts = memoryview(_memory).cast("i")  # one more than the connections of each; 0 where there is no such process


class Shares:
    """How many connections this process has, and how many the others."""

    def __init__(self, age: int) -> None:
        self._own = age % _PROCESSES
        self.note(0)

    def note(self, connections: int) -> None:
        """Tell the others."""
        _counts[self._own] = connections + 1

    def may_take_more(self, connections: int) -> bool:
        """Say whether this process has about as few as any."""
        return connections + 1 <= min(filter(None, _counts)) + _SLACK


def leave(worker: Any) -> None:
    """Take note, in gunicorn's main process, that a worker has ended."""
    _counts[worker.age % _PROCESSES] = 0
