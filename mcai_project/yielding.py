"""Giving way to the processes that others wait for: workers to web, web to the databases.

Linux with autogroups (the usual on a desktop, and on many a server) shares the processor out among sessions first, and
lets `nice` count within a session only. Each process that a launcher starts has a session of its own, so `nice` alone
changes nothing between a worker and the web server: the worker's session has to be made nicer too.

The web server itself yields to PostgreSQL, Valkey and clients on the machine. Each of these takes a fraction of a
millisecond at a time and is waited for; where both cores were full, it got its turn only after all that web had to
compute, and a poll that web answered in 4 ms took a client 49 (medians).
"""

import contextlib
import os
from pathlib import Path


def give_way(pid: int | None = None) -> None:
    """Make the session of a process (of this one) as nice as the process, where the kernel has such a thing."""
    pid = pid or os.getpid()
    if os.getsid(pid) != pid:
        return  # somebody else's session: a shell's, with who knows what in it
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(os.getpriority(os.PRIO_PROCESS, pid)))
