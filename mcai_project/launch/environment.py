"""The environment of a launch: where the processes listen, what they connect to, their secrets."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mcai_project.embedded import secret, stack
from mcai_project.embedded.ports import LOOPBACK, free_port, is_free
from mcai_project.embedded.state import StackState
from mcai_project.launch.errors import LaunchError

WEB_PORT, FLOWER_PORT = 8000, 5555
FLOWER_USER = "admin"


def _nothing() -> None:
    """Servers of somebody else's are not ours to mend."""


@dataclass(frozen=True, slots=True)
class Services:
    """The two servers that everything lives on; ``mend`` brings them back when they are ours and are gone."""

    database_url: str
    redis_url: str
    mend: Callable[[], None] = _nothing


@contextmanager
def services(home: Path, say: Callable[[str], None]) -> Iterator[Services]:
    """Use the servers that the environment names, or the embedded stack of ``home``, started if need be."""
    database_url, redis_url = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    if database_url and redis_url:
        say("using the servers that DATABASE_URL and REDIS_URL name")
        yield Services(database_url, redis_url)
        return
    with stack.session(home, say=say) as state:
        mend = partial(_mend, home, state, say)
        yield Services(database_url or state.database_url, redis_url or state.redis_url, mend)


def _mend(home: Path, state: StackState, say: Callable[[str], None]) -> None:
    """Start the servers again if their keeper was killed, which took them along."""
    if stack.running(home) is not None:
        return
    say("the keeper of the servers has died; starting them again")
    fresh = stack.start(home, say=say)
    if (fresh.database_url, fresh.redis_url) != (state.database_url, state.redis_url):
        raise LaunchError("The servers came back at another address, since their ports were taken. Start again.")


def environment(home: Path, given: Services) -> dict[str, str]:
    """Return the environment of every process."""
    ours = {
        "DATABASE_URL": given.database_url,
        "REDIS_URL": given.redis_url,
        "MCAI_HOME": str(home),
        "HOST": os.environ.get("HOST", LOOPBACK),
        "PORT": str(_port("PORT", WEB_PORT)),
        "FLOWER_PORT": (flower_port := str(_port("FLOWER_PORT", FLOWER_PORT))),
        "FLOWER_URL": os.environ.get("FLOWER_URL") or flower_url(flower_port),
        "FLOWER_BASIC_AUTH": f"{FLOWER_USER}:{secret.kept(home, 'flower_password')}",
    }
    return ONE_THREAD | os.environ | ours


def flower_url(port: str) -> str:
    """Return where Flower listens."""
    prefix = os.environ.get("FLOWER_URL_PREFIX", "").strip("/")
    return f"http://{LOOPBACK}:{port}" + (f"/{prefix}" if prefix else "")


# A worker a queue shares the cores already; threads of the linear algebra would only fight over them.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def _port(variable: str, preferred: int) -> int:
    """Return the port that the environment demands, else the preferred one, else a free one."""
    given = os.environ.get(variable)
    if not given:
        return free_port(preferred)
    if not given.isdecimal() or not 0 < int(given) < 65536:
        raise LaunchError(f"{variable} is {given!r}; it must be a port, 1 to 65535")
    if not is_free(int(given)):
        raise LaunchError(f"{variable} is {given}, but another process listens there")
    return int(given)
