"""Run a program that cannot outlive its parent: ``python tether.py SIGNAL PARENT PROGRAM …``.

Linux sends the program SIGNAL when the process PARENT ends, however it ends. A script of its own, standard library
alone, and not a hook between fork and exec: those are unsafe in a parent that has threads.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    """Tie ourselves to the parent, then become the program."""
    number, parent, program = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:  # it was gone before we could ask
        sys.exit(1)
    os.execvp(program[0], program)  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    main()
