"""How a worker keeps its memory."""

import ctypes
from contextlib import suppress
from pathlib import Path

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # of mallopt(3)
_LARGE = 4 << 20
_STATM = Path("/proc/self/statm")
_PAGE = 4096

_kept_at = 0
"""Bytes that were resident when the small blocks were last given back."""


def give_large_blocks_back() -> None:
    """Let glibc return blocks of 4 MiB and more as soon as they are freed.

    By itself it learns from the first such block to keep them, up to 32 MiB each, for the next time: a worker that has
    made a piece of music kept 60 MB more than it used. Other C libraries have no such habit, and nothing to set.
    """
    global _kept_at  # noqa: PLW0603 - what this process, and those forked from it, know
    with suppress(OSError):
        _kept_at = _resident()
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_TRIM_THRESHOLD, _LARGE)
        library.mallopt(_ARENA_MAX, 1)


def give_small_blocks_back() -> None:
    """Let glibc return what is free between the blocks in use, where that may be `_LARGE` or more.

    A heap is cut off at its top alone, and what a job leaves there, however small, holds all below: 25 MB
    after a piece of music. To look for it takes a few milliseconds, so a small job is spared.
    """
    global _kept_at  # noqa: PLW0603 - what this process knows
    with suppress(OSError, AttributeError):  # elsewhere than on Linux there is nothing to look at, and nothing to cut
        if _resident() - _kept_at > _LARGE:
            ctypes.CDLL(None).malloc_trim(0)
            _kept_at = _resident()


def _resident() -> int:
    return int(_STATM.read_text().split()[1]) * _PAGE
