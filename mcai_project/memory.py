"""How a worker keeps its memory."""

import ctypes

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8  # of mallopt(3)
_LARGE = 4 << 20


def give_large_blocks_back() -> None:
    """Let glibc return blocks of 4 MiB and more as soon as they are freed.

    By itself it learns from the first such block to keep them, up to 32 MiB each, for the next time: a worker that has
    made a piece of music kept 60 MB more than it used. Other C libraries have no such habit, and nothing to set.
    """
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(_MMAP_THRESHOLD, _LARGE)
        library.mallopt(_TRIM_THRESHOLD, _LARGE)
        library.mallopt(_ARENA_MAX, 1)
