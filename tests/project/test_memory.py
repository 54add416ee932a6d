import subprocess
import sys

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
    done = subprocess.run([sys.executable, "-c", CODE.format(first=first)], capture_output=True, text=True, timeout=60)
    return int(done.stdout)
