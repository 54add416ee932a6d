"""The command line of the launcher."""

import argparse
import sys

from mcai_project.embedded.errors import EmbeddedError
from mcai_project.embedded.state import home
from mcai_project.launch import procfile, signals
from mcai_project.launch.demo import demo
from mcai_project.launch.errors import Interrupted, LaunchError
from mcai_project.launch.run import run


def main() -> int:
    """Do what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m mcai_project.launch", description="Run MC AI in this clone.")
    parser.add_argument("action", choices=["run", "demo", "procfile"])
    action = parser.parse_args().action
    if action == "procfile":
        print(procfile.text(), end="")
        return 0
    signals.listen()
    try:
        return run(home()) if action == "run" else demo(home())
    except (LaunchError, EmbeddedError) as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except Interrupted:
        print("interrupted", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main())
