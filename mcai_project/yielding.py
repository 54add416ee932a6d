"""Giving way to the processes that answer requests.

Linux with autogroups (the usual on a desktop, and on many a server) shares the processor out among sessions first, and
lets `nice` count within a session only. Each process that a launcher starts has a session of its own, so `nice` alone
changes nothing between a worker and the web server: the worker's session has to be made nicer too.
"""

import contextlib
import os
from pathlib import Path

_AUTOGROUP = Path("/proc/self/autogroup")


def give_way() -> None:
    """Make the session of this process as nice as the process itself, where the kernel has such a thing."""
    if os.getsid(0) != os.getpid():
        return  # somebody else's session: a shell's, with who knows what in it
    with contextlib.suppress(OSError):
        _AUTOGROUP.write_text(str(os.getpriority(os.PRIO_PROCESS, 0)))
