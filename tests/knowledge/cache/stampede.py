"""``python -m tests.knowledge.cache.stampede FOLDER PROCESSES THREADS [die]``: many ask for one cold key at once.

Each computation adds a line to ``FOLDER/computed``, each answer one to ``FOLDER/answers``. With ``die`` the
first process that computes is killed while it does.
"""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import django

SECONDS_TO_COMPUTE = 0.5


def main(folder: Path, processes: int, threads: int, die: bool) -> None:
    """Fork the processes and wait for them."""
    start_at = time.time() + 1.0
    children = []
    for _ in range(processes):
        pid = os.fork()
        if not pid:
            ask_from_threads(folder, threads, start_at, die)
            os._exit(0)
        children.append(pid)
    for pid in children:
        os.waitpid(pid, 0)


def ask_from_threads(folder: Path, threads: int, start_at: float, die: bool) -> None:
    """Ask as one web worker does, after the hook that gunicorn calls in it."""
    from knowledge.cache.hooks import post_fork

    post_fork()
    running = [threading.Thread(target=ask, args=(folder, start_at, die)) for _ in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


def ask(folder: Path, start_at: float, die: bool) -> None:
    """Ask once and write down the answer."""
    from django.db import connections

    from knowledge.cache.keys import make_key
    from knowledge.cache.shared import Computed, remember

    def compute() -> Computed:
        append(folder / "computed", str(os.getpid()))
        if die and (folder / "computed").read_text().count("\n") == 1:
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(SECONDS_TO_COMPUTE)
        return Computed({"answer": "once", "source": "llm"})

    time.sleep(max(0.0, start_at - time.time()))
    found = remember(make_key("query", {"q": "cold"}, version="1"), compute, dict)
    append(folder / "answers", found.value["answer"])
    connections.close_all()


def append(path: Path, line: str) -> None:
    """Add a line at one stroke, whoever else does."""
    with path.open("a") as stream:
        stream.write(line + "\n")


if __name__ == "__main__":
    django.setup()
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), "die" in sys.argv[4:])
