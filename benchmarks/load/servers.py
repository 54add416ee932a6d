"""On whose servers the load is played."""

import sys
from collections.abc import MutableMapping

URLS = ("DATABASE_URL", "REDIS_URL")


def choose(environment: MutableMapping[str, str], *, given: bool) -> None:
    """Leave the servers in the environment where they are asked for, and take them out otherwise.

    Without them the launcher starts an embedded stack in the load test's home. Ends the program where servers are
    asked for and one is not named.
    """
    if given:
        missing = [name for name in URLS if not environment.get(name)]
        if missing:
            sys.exit(f"--given-servers wants {' and '.join(missing)} in the environment.")
        return
    for name in URLS:
        if environment.pop(name, ""):
            print(f"{name} is left aside: the load is played on servers of its own (--given-servers uses yours).")
