"""The page that says what was measured."""

import csv
import html
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

HEAD = (
    "<!doctype html><meta charset=utf-8><title>Load</title><style>body{font:15px system-ui;margin:2rem;max-width:60rem}"
)
STYLE = "td,th{padding:.2rem .8rem;text-align:right}td:first-child{text-align:left}.no{color:#b91c1c}</style>"
BAR = '<svg width="160" height="10"><rect width="{:.0f}" height="10" fill="currentColor" opacity=".5"/></svg>'


@dataclass(frozen=True, slots=True)
class Line:
    """The requests of one name, times in ms."""

    name: str
    requests: int
    failures: int
    p50: float
    p95: float
    p99: float


def read(prefix: Path) -> list[Line]:
    """Return the lines of Locust's figures; the last is the sum."""
    with Path(f"{prefix}_stats.csv").open() as stream:
        return [
            Line(row["Name"], int(row["Request Count"]), int(row["Failure Count"]), *_times(row))
            for row in csv.DictReader(stream)
            if row["Request Count"] != "0"
        ]


def _times(row: dict[str, str]) -> tuple[float, float, float]:
    return float(row["50%"]), float(row["95%"]), float(row["99%"])


def text(title: str, lines: Iterable[Line]) -> str:
    """Return a table for the terminal."""
    head = f"{title}\n{'':12}{'requests':>9}{'failed':>8}{'p50 ms':>8}{'p95 ms':>8}{'p99 ms':>8}\n"
    return head + "\n".join(
        f"{x.name:12}{x.requests:9}{x.failures:8}{x.p50:8.0f}{x.p95:8.0f}{x.p99:8.0f}" for x in lines
    )


def page(parts: Iterable[tuple[str, list[Line]]], notes: Iterable[str]) -> str:
    """Return the page."""
    body = "".join(f"<h2>{html.escape(title)}</h2>{_table(lines)}" for title, lines in parts)
    return f"{HEAD}{STYLE}<h1>Load</h1>{body}<ul>{''.join(f'<li>{html.escape(note)}' for note in notes)}</ul>"


def _table(lines: list[Line]) -> str:
    top = max((line.p99 for line in lines), default=1.0) or 1.0
    rows = "".join(
        f"<tr><td>{html.escape(x.name)}<td>{x.requests}<td class={'no' if x.failures else 'ok'}>{x.failures}"
        f"<td>{x.p50:.0f}<td>{x.p95:.0f}<td>{x.p99:.0f}<td>{BAR.format(160 * x.p95 / top)}"
        for x in lines
    )
    return f"<table><tr><th><th>requests<th>failed<th>p50 ms<th>p95 ms<th>p99 ms<th>p95</tr>{rows}</table>"
