"""The embedded Valkey: append-only file on, so that a crash loses a second at most; loopback, behind a password."""

import os
import shlex
import signal
import socket
from pathlib import Path

from mcai_project.embedded.credentials import Credentials
from mcai_project.embedded.errors import EmbeddedError
from mcai_project.embedded.places import Places
from mcai_project.embedded.ports import LOOPBACK
from mcai_project.embedded.server import Server
from mcai_project.embedded.state import write_private

NAME = "Valkey"
# Only keys with a time to live are evicted: cached answers go before a queued message ever would.
DEFAULTS = {
    "appendonly": "yes",
    "appendfsync": "everysec",
    "aof-load-truncated": "yes",
    "save": "",
    "maxmemory": "512mb",
    "maxmemory-policy": "volatile-lru",
    "loglevel": "notice",
    "daemonize": "no",
}


def options() -> dict[str, str]:
    """Return the server's parameters: ours, then what ``MCAI_VALKEY_OPTIONS`` (``name=value …``) overrides."""
    given = shlex.split(os.environ.get("MCAI_VALKEY_OPTIONS", ""))
    if wrong := [each for each in given if "=" not in each]:
        raise EmbeddedError(f"MCAI_VALKEY_OPTIONS holds {wrong[0]!r}; write name=value, parted by spaces.")
    return DEFAULTS | dict(each.split("=", 1) for each in given)


def redis_url(port: int, credentials: Credentials) -> str:
    """Return the URL that the project connects by."""
    return f"redis://:{credentials.redis}@{LOOPBACK}:{port}/0"


def data(places: Places) -> Path:
    """Return the folder of the append-only files."""
    return places.data / "valkey"


def launch(places: Places, port: int, credentials: Credentials) -> Server:
    """Start the server on ``port`` of loopback."""
    data(places).mkdir(mode=0o700, exist_ok=True)
    places.own(data(places))
    config = data(places) / "valkey.conf"
    write_private(config, _config(places, port, credentials))
    places.own(config)
    argv = [str(places.valkey_program), str(config)]
    return Server(NAME, argv, places=places, stop_signal=signal.SIGTERM)


def is_ready(port: int, credentials: Credentials) -> bool:
    """Return whether the server has loaded its data and answers.

    Two commands by hand: the client library would make the keeper's start, and its memory, three times as large.
    """
    try:
        with socket.create_connection((LOOPBACK, port), timeout=3) as connection, connection.makefile("rwb") as stream:
            stream.write(f"AUTH {credentials.redis}\r\nPING\r\n".encode())
            stream.flush()
            return [stream.readline(), stream.readline()] == [b"+OK\r\n", b"+PONG\r\n"]
    except OSError:
        return False


def _config(places: Places, port: int, credentials: Credentials) -> str:
    fixed = {
        "bind": LOOPBACK,
        "port": str(port),
        "requirepass": credentials.redis,
        "dir": str(data(places)),
        "pidfile": str(data(places) / "valkey.pid"),
    }
    return "".join(f"{name} {_quoted(value)}\n" for name, value in (options() | fixed).items())


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
