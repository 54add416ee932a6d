"""The keeper: the parent of both servers, which starts them, restarts one that dies, and stops them.

It ends on SIGTERM, or, given ``--owner``, when that process is gone, however it went. While it starts it speaks on
standard output, one line a step, to whoever started it; the last of those lines is ``ready`` or ``failed: …``.
"""

import argparse
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from mcai_project.embedded import leftovers, lock, postgres, tenants, valkey
from mcai_project.embedded.credentials import load
from mcai_project.embedded.errors import EmbeddedError, ServerFailed
from mcai_project.embedded.places import Places
from mcai_project.embedded.ports import free_port
from mcai_project.embedded.server import Server
from mcai_project.embedded.state import StackState, read_state, state_path, write_state

READY, FAILED, BUSY = "ready", "failed: ", "busy"
ATTEMPTS = 4
BEAT = 0.2
TENANT_GRACE = 15.0  # longer than a worker's soft shutdown


class Stop(Exception):
    """Somebody asked the keeper to end."""


class Keeper:
    """The two servers of one home."""

    def __init__(self, places: Places, say: Callable[[str], None]) -> None:
        self._places = places
        self._say = say
        self._credentials = load(places.home)
        self._postgres_port, self._valkey_port = _former_ports(places.home)
        self._postgres: Server | None = None
        self._valkey: Server | None = None

    @property
    def home(self) -> Path:
        """Return the folder of the stack."""
        return self._places.home

    @property
    def log(self) -> Path:
        """Return the keeper's own log."""
        return self._places.keeper_log

    def start(self) -> None:
        """Bring up both servers and write the state file."""
        if not postgres.is_initialised(self._places):
            self._say("making the database cluster (only the first time)")
            postgres.initialise(self._places, self._credentials)
        self._say("starting PostgreSQL")
        self._postgres = _persist(self._start_postgres)
        postgres.ensure_database(self._postgres_port, self._credentials)
        self._say("starting Valkey")
        self._valkey = _persist(self._start_valkey)
        self._write_state()

    def mend(self) -> None:
        """Start again whichever server has died, on the port that its clients know."""
        if self._postgres and not self._postgres.alive():
            self._say("PostgreSQL has died; starting it again")
            self._postgres = _persist(self._start_postgres)
            self._write_state()
        if self._valkey and not self._valkey.alive():
            self._say("Valkey has died; starting it again")
            self._valkey = _persist(self._start_valkey)
            self._write_state()

    def withdraw(self) -> None:
        """Remove the state file: nobody shall come to these servers any longer."""
        state_path(self.home).unlink(missing_ok=True)

    def stop(self) -> None:
        """Stop both servers, Valkey first: the database is the truth and goes last."""
        self.withdraw()
        for server in (self._valkey, self._postgres):
            if server:
                server.stop()

    def _start_postgres(self) -> Server:
        leftovers.clear(postgres.data(self._places) / "postmaster.pid", self._say)
        self._postgres_port = free_port(self._postgres_port)
        server = postgres.launch(self._places, self._postgres_port)
        _ready(server, lambda: postgres.is_ready(self._postgres_port, self._credentials))
        return server

    def _start_valkey(self) -> Server:
        leftovers.clear(valkey.data(self._places) / "valkey.pid", self._say)
        self._valkey_port = free_port(self._valkey_port)
        server = valkey.launch(self._places, self._valkey_port, self._credentials)
        _ready(server, lambda: valkey.is_ready(self._valkey_port, self._credentials))
        return server

    def _write_state(self) -> None:
        if self._postgres and self._valkey:
            state = StackState(
                database_url=postgres.database_url(self._postgres_port, self._credentials),
                redis_url=valkey.redis_url(self._valkey_port, self._credentials),
                postgres_pid=self._postgres.pid,
                valkey_pid=self._valkey.pid,
                keeper_pid=os.getpid(),
            )
            write_state(self._places.home, state)


def main() -> int:
    """Keep the servers of the home named on the command line until told to end."""
    arguments = _arguments()
    places = Places(arguments.home)
    signal.signal(signal.SIGTERM, _raise_stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with lock.hold(places.lock) as ours:
        if not ours:
            _speak(BUSY)
            return 1
        return _keep(Keeper(places, _speak), arguments.owner)


def _keep(keeper: Keeper, owner: int | None) -> int:
    try:
        keeper.start()
        _speak(READY)
        _fall_silent()
        _watch(keeper, owner)
        keeper.withdraw()
        # The owner is gone without stopping what lives on these servers: that goes first, while they still answer.
        tenants.end(keeper.home, grace=TENANT_GRACE, ask=sys.platform != "linux")
    except Stop:
        return 0
    except EmbeddedError as error:
        _speak(f"{FAILED}{error}")
        return 1
    except Exception:
        traceback.print_exc()
        _speak(f"{FAILED}the keeper broke. Its log is {keeper.log}")
        raise
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        keeper.stop()
    return 0


def _watch(keeper: Keeper, owner: int | None) -> None:
    while owner is None or os.getppid() == owner:
        time.sleep(BEAT)
        keeper.mend()


def _persist(start: Callable[[], Server]) -> Server:
    """Try some times: a port may be taken in between, a killed server's memory takes a moment to be freed."""
    for attempt in range(ATTEMPTS - 1):
        try:
            return start()
        except ServerFailed:
            time.sleep(0.2 * 2**attempt)
    return start()


def _ready(server: Server, ready: Callable[[], bool]) -> None:
    try:
        server.wait_ready(ready)
    except BaseException:
        server.stop()
        raise


def _former_ports(home: Path) -> tuple[int, int]:
    """Return the ports of the last run, so that URLs stay as they were where they can."""
    former = read_state(home)
    if former is None:
        return 0, 0
    return urlsplit(former.database_url).port or 0, urlsplit(former.redis_url).port or 0


def _speak(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
    try:
        print(line, flush=True)
    except BrokenPipeError:
        _fall_silent()


def _fall_silent() -> None:
    """Speak to the log alone: whoever started us listens no longer."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _raise_stop(_number: int, _frame: FrameType | None) -> None:
    raise Stop


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("home", type=Path)
    parser.add_argument("--owner", type=int, help="end when this process, our parent, is gone")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
