"""What a load run has to show."""

from collections.abc import Iterable, Iterator

from benchmarks.load.heavy import AT_ONCE
from benchmarks.load.processes import Process
from benchmarks.load.scenario import Outcome
from benchmarks.report import Row

ERRORS = 0.01
WORKER_MB = 200.0


def rows(outcomes: Iterable[Outcome]) -> list[Row]:
    """Return every gate with what was measured."""
    return [row for outcome in outcomes for row in _of(outcome)]


def _of(outcome: Outcome) -> Iterator[Row]:
    name = outcome.scenario.name
    by_name = {line.name: line for line in outcome.lines}
    for what, bound in outcome.scenario.bounds.items():
        line = by_name.get(what)
        label = "all requests" if what == "Aggregated" else what
        measured = f"{line.p95:.0f} ms" if line else "none"
        yield Row(f"{name}: p95 of {label}", measured, f"under {bound:.0f} ms", line is not None and line.p95 < bound)
    total = by_name.get("Aggregated")
    share = total.failures / total.requests if total else 1.0
    yield Row(f"{name}: errors", f"{share:.2%}", f"under {ERRORS:.0%}", share < ERRORS)
    done, every = outcome.heavy.get("completed", 0), sum(outcome.heavy.values())
    yield Row(
        f"{name}: heavy jobs completed", f"{done} of {every}", f"all, {AT_ONCE} at once", done == every >= AT_ONCE
    )
    jobs, ended = sum(w.jobs for w in outcome.waits), sum(w.completed for w in outcome.waits)
    yield Row(f"{name}: accepted jobs completed", f"{ended} of {jobs}", "all", ended == jobs)
    for role, processes in outcome.watch.by_role().items():
        if role.startswith("worker_"):
            yield _worker(name, role, outcome.watch.together.get(role, 0.0), processes)


def _worker(name: str, role: str, pss: float, processes: list[Process]) -> Row:
    """A worker is its main process and its children: together under the bound in PSS, and each of them resident."""
    rss = max((p.rss for p in processes), default=0.0)
    met = 0 < pss < WORKER_MB and rss < WORKER_MB
    measured = f"{pss:.0f} MB PSS, largest process {rss:.0f} MB"
    return Row(f"{name}: {role}", measured, f"under {WORKER_MB:.0f} MB", met)
