"""What a crash leaves behind: servers whose keeper was killed, and process-id files of servers that are gone."""

import signal
from collections.abc import Callable
from pathlib import Path

import psutil

PATIENCE = 30.0


def clear(pid_file: Path, say: Callable[[str], None]) -> None:
    """End the server that ``pid_file`` names if it still runs on that folder, and remove the file.

    Only the holder of the home's lock may call this, and only while it runs no server there itself.
    """
    process = _server_of(pid_file)
    if process is not None:
        say(f"ending a server left by a crash (pid {process.pid})")
        _end(process)
    pid_file.unlink(missing_ok=True)


def _server_of(pid_file: Path) -> psutil.Process | None:
    """Return the process that ``pid_file`` names, unless its number has passed to a stranger."""
    try:
        process = psutil.Process(int(pid_file.read_text().split()[0]))
        return process if str(pid_file.parent) in " ".join(process.cmdline()) else None
    except (FileNotFoundError, ValueError, IndexError, psutil.NoSuchProcess, psutil.AccessDenied):
        return None


def _end(process: psutil.Process) -> None:
    """Interrupt (to PostgreSQL a fast shutdown, to Valkey an orderly one) and wait; kill as the last resort."""
    try:
        process.send_signal(signal.SIGINT)
        process.wait(PATIENCE)
    except psutil.TimeoutExpired:
        process.kill()
    except psutil.NoSuchProcess:
        return
