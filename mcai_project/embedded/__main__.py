"""``python -m mcai_project.embedded start|stop|status|run -- COMMAND …``: the embedded stack, by hand."""

import argparse
import os
import subprocess
import sys
from pathlib import Path

from mcai_project.embedded import stack
from mcai_project.embedded.errors import EmbeddedError
from mcai_project.embedded.state import StackState, home


def main() -> int:
    """Do what the command line says."""
    arguments = _arguments()
    try:
        return int(ACTIONS[arguments.action](home(), arguments.command))
    except EmbeddedError as error:
        print(error, file=sys.stderr)
        return 1


def _start(folder: Path, _command: list[str]) -> int:
    _print(stack.start(folder, detached=True, say=_say))
    return 0


def _stop(folder: Path, _command: list[str]) -> int:
    print("stopped" if stack.stop(folder) else "was not running")
    return 0


def _status(folder: Path, _command: list[str]) -> int:
    state = stack.running(folder)
    if state is None:
        print(f"not running ({folder})")
        return 3
    _print(state)
    return 0


def _run(folder: Path, command: list[str]) -> int:
    if not command:
        print("run needs a command: python -m mcai_project.embedded run -- COMMAND …", file=sys.stderr)
        return 2
    with stack.session(folder, say=_say) as state:
        environment = os.environ | {"DATABASE_URL": state.database_url, "REDIS_URL": state.redis_url}
        return subprocess.run(command, env=environment, check=False).returncode


ACTIONS = {"start": _start, "stop": _stop, "status": _status, "run": _run}


def _print(state: StackState) -> None:
    print(f"DATABASE_URL={state.database_url}\nREDIS_URL={state.redis_url}")


def _say(line: str) -> None:
    print(f"embedded: {line}", file=sys.stderr, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m mcai_project.embedded", description=__doc__)
    parser.add_argument("action", choices=sorted(ACTIONS))
    parser.add_argument("command", nargs=argparse.REMAINDER, help="for run: what to run, after --")
    arguments = parser.parse_args()
    if arguments.command[:1] == ["--"]:
        del arguments.command[0]
    return arguments


if __name__ == "__main__":
    sys.exit(main())
