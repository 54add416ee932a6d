"""One row of a benchmark, and how rows are printed."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """A measured figure beside its peer or limit; ``passed`` is None where there is no gate."""

    name: str
    measured: str
    against: str
    passed: bool | None = None


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table."""
    marks = {True: "yes", False: "NO", None: "–"}
    lines = ["| figure | measured | against | met |", "|---|---|---|---|"]
    lines += [f"| {r.name} | {r.measured} | {r.against} | {marks[r.passed]} |" for r in rows]
    return "\n".join(lines)
