"""Handlers that do what tests need to see done."""

import errno
import io
import os
import signal
import time
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from django.db import connection

from jobs.errors import InvalidParams, PermanentError, TransientError
from jobs.outcome import Outcome, OutFile
from jobs.registry import Kind, Progress


def validate(body: Mapping[str, Any]) -> dict[str, Any]:
    if "bad" in body:
        raise InvalidParams("bad", "must be absent")
    return dict(body)


def echo(params: dict[str, Any], progress: Progress) -> Outcome:
    progress(0.5, "half")
    text = str(params.get("text", "hello"))
    return Outcome({"echo": params}, (OutFile("echo.txt", "text/plain", text.encode()),))


def noop(params: dict[str, Any], progress: Progress) -> Outcome:
    return Outcome({})


def slow(params: dict[str, Any], progress: Progress) -> Outcome:
    """Take `seconds`, in steps that say how far they are."""
    until, seconds = time.monotonic() + params["seconds"], params["seconds"]
    while (left := until - time.monotonic()) > 0:
        progress(1 - left / seconds, "waiting")
        time.sleep(min(left, 0.05))
    return Outcome({"slept": seconds})


def hang(params: dict[str, Any], progress: Progress) -> Outcome:
    """Never look at progress again."""
    progress(0.1, "hanging")
    time.sleep(params.get("seconds", 600))
    return Outcome({})


def slow_blind(params: dict[str, Any], progress: Progress) -> Outcome:
    """Take ten minutes without ever calling progress."""
    time.sleep(600)
    return Outcome({})


def fail(params: dict[str, Any], progress: Progress) -> Outcome:
    how = params.get("how", "crash")
    if how == "transient":
        raise TransientError("the far side is busy")
    if how == "permanent":
        raise PermanentError("this cannot work")
    raise RuntimeError("secret internals")


def flaky(params: dict[str, Any], progress: Progress) -> Outcome:
    """Fail until a file says that it was tried so often."""
    tries = Path(params["file"]["path"] if isinstance(params.get("file"), dict) else params["counter"])
    count = int(tries.read_text() or 0) + 1 if tries.exists() else 1
    tries.write_text(str(count))
    if count < params["succeed_at"]:
        raise TransientError(f"try {count}")
    return Outcome({"tries": count})


def suicide(params: dict[str, Any], progress: Progress) -> Outcome:
    """Kill the process that runs it: once if `once` names a file, else every time."""
    once = params.get("once")
    if once is None or not Path(once).exists():
        if once is not None:
            Path(once).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return Outcome({"survived": True})


def effect(params: dict[str, Any], progress: Progress) -> Outcome:
    """Write one row to a table of effects, exactly once if the engine keeps its promise."""
    until = time.monotonic() + params.get("seconds", 0)
    while time.monotonic() < until:
        progress(0.5, "working")
        time.sleep(0.02)
    content = b"x" * params.get("bytes", 100)
    return Outcome({}, (OutFile("effect.bin", "application/octet-stream", content),), partial(_write, params["tag"]))


def full_disk(params: dict[str, Any], progress: Progress) -> Outcome:
    """Make a file whose writing meets a full disk half-way, once."""
    content: BinaryIO = io.BytesIO(b"x" * 3_000_000)
    marker = Path(params["once"])
    if not marker.exists():
        marker.touch()
        content = _FullDisk(content.read())
    return Outcome({}, (OutFile("big.bin", "application/octet-stream", content),))


class _FullDisk(io.BytesIO):
    """Gives its first half; the second finds the disk full."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell() > 1_000_000:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().read(size)


def _write(tag: str) -> Mapping[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO test_effects (tag) VALUES (%s)", [tag])
    return {"written": tag}


KINDS = (
    Kind("test-echo", "data", validate, echo),
    Kind("test-noop", "data", validate, noop),
    Kind("test-slow", "data", validate, slow),
    Kind("test-slow-blind", "data", validate, slow_blind),
    Kind("test-hang", "data", validate, hang, time_limit=2),
    Kind("test-fail", "data", validate, fail),
    Kind("test-flaky", "data", validate, flaky, max_attempts=5),
    Kind("test-suicide", "data", validate, suicide),
    Kind("test-effect", "data", validate, effect, max_attempts=50),
    Kind("test-full-disk", "data", validate, full_disk, max_attempts=50),
    Kind("test-bystander", "emotion", validate, noop, max_attempts=50),
)
