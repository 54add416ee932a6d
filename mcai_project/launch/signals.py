"""Requests to stop: Ctrl-C, SIGTERM, and the death of the ``make`` that started us."""

import ctypes
import os
import signal
import sys
from types import FrameType

from mcai_project.embedded.tether import PR_SET_PDEATHSIG
from mcai_project.launch.errors import Interrupted

REQUESTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def listen() -> None:
    """Raise Interrupted in the main thread whenever somebody asks us to stop."""
    for number in REQUESTS:
        signal.signal(number, _interrupt)
    if "MAKELEVEL" in os.environ and sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(signal.SIGTERM))


def ignore() -> None:
    """Take no more requests: what is left to do must be done whole."""
    for number in REQUESTS:
        signal.signal(number, signal.SIG_IGN)


def _interrupt(number: int, _frame: FrameType | None) -> None:
    raise Interrupted(signal.Signals(number).name)
