"""The page that says what was measured, and the same for the terminal."""

from collections.abc import Iterable, Sequence
from html import escape

from benchmarks.load import charts
from benchmarks.load.client import WARM_UP
from benchmarks.load.heavy import AT_ONCE
from benchmarks.load.scenario import Outcome
from benchmarks.report import Row

STYLE = """body{font:15px system-ui;margin:2rem auto;max-width:64rem;padding:0 1rem}td,th{padding:.2rem .8rem;
text-align:right}td:first-child,th:first-child{text-align:left}.no{color:#b91c1c;font-weight:600}.yes{color:#047857}
figure{display:inline-block;width:31rem;max-width:100%;margin:.5rem .5rem .5rem 0}svg text{font-size:11px;fill:#475569}
table{border-collapse:collapse;margin:.8rem 0}tr+tr{border-top:1px solid #e2e8f0}"""
ABOUT = """Each client has an API key and a connection of its own, and does one of five things at random: polls a job
of its own (5 of 10), reads a page of 100 examples (2), submits an emotion job (1), searches (1), asks (1); 200 topics,
few of them asked often. Paced clients pause as a Poisson process does. {heavy} heavy jobs (2048² pictures, pieces of
60 s, cymatic analyses at 1024²) are under way at any time: whenever one ends, another is submitted. Times are what the
clients saw, in ms, over the counted seconds, without the {warm} s in which the clients come. The clients run on the
same cores."""

REQUESTS = ("", "requests", "failed", "requests/s", "p50 ms", "p95 ms", "p99 ms")
WAITS = ("queue", "jobs", "completed", "failed", "wait p50 s", "p95", "p99", "run p50 s", "p95", "p99")
PROCESSES = ("process", "processes", "CPU s", "PSS MB", "largest PSS", "largest resident")

Cells = list[Sequence[str]]


def text(outcome: Outcome) -> str:
    """Return the tables for the terminal."""
    parts = [(REQUESTS, _requests(outcome)), (WAITS, _waits(outcome)), (PROCESSES, _processes(outcome))]
    return "\n\n".join([outcome.scenario.title, *(_plain(head, cells) for head, cells in parts), *_notes(outcome)])


def page(outcomes: Sequence[Outcome], gates: Iterable[Row]) -> str:
    """Return the page."""
    about = ABOUT.format(heavy=AT_ONCE, warm=WARM_UP)
    marks = {True: '<span class="yes">yes</span>', False: '<span class="no">no</span>', None: "–"}
    cells = "".join(
        f"<tr><td>{escape(r.name)}<td>{escape(r.measured)}<td>{escape(r.against)}<td>{marks[r.passed]}" for r in gates
    )
    return (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>Load</title><style>{STYLE}</style><h1>Load</h1>"
        f"<p>{about}</p><table><tr><th>figure<th>measured<th>against<th>met</tr>{cells}</table>"
        f"{''.join(_part(outcome) for outcome in outcomes)}"
    )


def _part(outcome: Outcome) -> str:
    notes = "".join(f"<li>{escape(note)}" for note in _notes(outcome))
    return (
        f"<h2>{escape(outcome.scenario.title)}</h2>{_html(REQUESTS, _requests(outcome))}{_charts(outcome)}"
        f"<h3>Jobs</h3>{_html(WAITS, _waits(outcome))}<h3>Processes</h3>{_html(PROCESSES, _processes(outcome))}"
        f"<ul>{notes}</ul>"
    )


def _charts(outcome: Outcome) -> str:
    moments = outcome.moments
    times = {name: [(m.at, getattr(m, name)) for m in moments] for name in ("p50", "p95", "p99")}
    flow = {"requests": [(m.at, m.rate) for m in moments], "failures": [(m.at, m.failures) for m in moments]}
    queues = sorted({queue for _, counts in outcome.backlog for queue in counts})
    backlog = {queue: [(at, counts.get(queue, 0)) for at, counts in outcome.backlog] for queue in queues}
    return (
        charts.lines("Time of an answer, ms, of the last 10 s", times)
        + charts.lines("Requests a second", flow)
        + charts.lines("Jobs that wait or run", backlog)
    )


def _requests(outcome: Outcome) -> Cells:
    return [
        ("all" if x.name == "Aggregated" else x.name, f"{x.requests:,}", f"{x.failures:,}", f"{x.rate:.1f}",
         f"{x.p50:.0f}", f"{x.p95:.0f}", f"{x.p99:.0f}")
        for x in outcome.lines
    ]  # fmt: skip


def _waits(outcome: Outcome) -> Cells:
    return [
        (w.queue, f"{w.jobs:,}", f"{w.completed:,}", f"{w.failed:,}", *(f"{x:.2f}" for x in (*w.waited, *w.ran)))
        for w in outcome.waits
    ]


def _processes(outcome: Outcome) -> Cells:
    return [
        (role, str(len(found)), f"{sum(p.seconds for p in found):.1f}", f"{outcome.watch.together.get(role, 0.0):.0f}",
         f"{max(p.pss for p in found):.0f}", f"{max(p.rss for p in found):.0f}")
        for role, found in outcome.watch.by_role().items()
        if found
    ]  # fmt: skip


def _notes(outcome: Outcome) -> list[str]:
    drained = "not within the time" if outcome.drained is None else f"{outcome.drained:.0f} s after the last request"
    states = ", ".join(f"{count} {state}" for state, count in sorted(outcome.heavy.items()))
    return [f"Heavy jobs: {states}.", f"Every job was finished: {drained}.", *outcome.failures[:10]]


def _plain(head: Sequence[str], cells: Cells) -> str:
    widths = [max(len(row[i]) for row in (head, *cells)) for i in range(len(head))]
    return "\n".join(
        "  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True)) for row in (head, *cells)
    )


def _html(head: Sequence[str], cells: Cells) -> str:
    heads = "".join(f"<th>{escape(name)}" for name in head)
    rows = "".join("<tr>" + "".join(f"<td>{escape(cell)}" for cell in row) for row in cells)
    return f"<table><tr>{heads}</tr>{rows}</table>"
