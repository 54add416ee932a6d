"""``python -m benchmarks [NAME …]``: run the named benchmarks, or all, and print their tables."""

import importlib
import pkgutil
import sys

import benchmarks
from benchmarks.report import table


def main(names: list[str]) -> int:
    """Run the benchmarks; the exit status says whether every gate was met."""
    known = [m.name for m in pkgutil.iter_modules(benchmarks.__path__) if m.name.startswith("bench_")]
    wanted = [f"bench_{name}" for name in names] or known
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        print(f"unknown: {', '.join(unknown)}; known: {', '.join(known)}", file=sys.stderr)
        return 2
    met = True
    for name in wanted:
        rows = importlib.import_module(f"benchmarks.{name}").run()
        print(f"\n## {name.removeprefix('bench_')}\n\n{table(rows)}", flush=True)
        met = met and all(row.passed is not False for row in rows)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
