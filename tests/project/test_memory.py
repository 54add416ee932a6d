import subprocess
import sys
from types import SimpleNamespace

import pytest

from mcai_project import memory
from tests.waiting import PATIENCE

CODE = """
import psutil
{first}
process, pins = psutil.Process(), []
b"x" * (30 << 20)  # freed at once: glibc learns from it to keep such blocks
before = process.memory_info().rss
for _ in range(3):
    blocks = []
    for number in range(8):
        blocks.append(b"x" * (number + (8 << 20)))
        pins.append(b"x" * 100_000)  # what is freed below this cannot simply be cut off
    del blocks
print((process.memory_info().rss - before) >> 20)
"""


def test_a_worker_keeps_no_large_block_that_it_has_freed() -> None:
    assert _kept("from mcai_project.memory import give_large_blocks_back; give_large_blocks_back()") < 8


def _kept(first: str) -> int:
    """Return the MiB that a process keeps of 64 that it used and freed, thrice."""
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(first=first)], capture_output=True, text=True, timeout=PATIENCE
    )
    return int(done.stdout)


SMALL = """
import psutil
from mcai_project.memory import give_small_blocks_back
process = psutil.Process()
blocks = [b"x" * 100_000 for _ in range(400)]
del blocks[:-1]  # the last stays, and holds all that lies below
before = process.memory_info().rss
give_small_blocks_back()
print((before - process.memory_info().rss) >> 20)
"""


def test_what_is_free_below_a_block_in_use_is_given_back() -> None:
    done = subprocess.run([sys.executable, "-c", SMALL], capture_output=True, text=True, timeout=60)
    assert int(done.stdout) > 30


def test_a_job_that_needed_little_memory_is_not_searched_for_free_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    monkeypatch.setattr(memory, "_kept_at", 0)
    monkeypatch.setattr(memory.ctypes, "CDLL", lambda _: SimpleNamespace(malloc_trim=looked.append))
    for resident in (100 << 20, 101 << 20, 110 << 20):
        monkeypatch.setattr(memory, "_resident", lambda now=resident: now)
        memory.give_small_blocks_back()
    assert len(looked) == 2
