"""What can go wrong with the embedded stack, in words for whoever started it."""

from pathlib import Path


class EmbeddedError(Exception):
    """The stack cannot do what was asked; the message says why and where to look."""


class AlreadyRunning(EmbeddedError):
    """Another process holds this home."""


class ServerFailed(EmbeddedError):
    """A server did not start or did not stay up.

    Parameters
    ----------
    name : str
        The server, as a person calls it.
    reason : str
        What was seen.
    log : Path
        The file where the server says more; its last lines are repeated in the message.
    """

    def __init__(self, name: str, reason: str, log: Path) -> None:
        super().__init__(f"{name} {reason}. Its log is {log}{_last_lines(log)}")


def _last_lines(log: Path, count: int = 8) -> str:
    try:
        lines = log.read_text(errors="replace").splitlines()[-count:]
    except FileNotFoundError:
        return ""
    return "".join(f"\n    {line}" for line in lines)
