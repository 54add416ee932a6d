"""The table that the demo ends with."""

from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Row:
    """One job, as text."""

    job: str
    queue: str
    wait: str
    run: str
    result: str
    file: str


def row(job: dict[str, Any], files: list[Path]) -> Row:
    """Return the row of a completed job whose files were saved."""
    created, started, finished = (_time(job[name]) for name in ("created_at", "started_at", "finished_at"))
    return Row(
        job=job["kind"],
        queue=job["queue"],
        wait=f"{(started - created).total_seconds():.2f} s",
        run=f"{(finished - started).total_seconds():.2f} s",
        result=SUMMARIES[job["kind"]](job["result"]),
        file=files[0].name + (f" and {len(files) - 1} more" if len(files) > 1 else ""),
    )


def text(rows: list[Row]) -> str:
    """Return the rows under their headings, in columns."""
    lines = [Row.__slots__, *map(astuple, rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    ruled = [lines[0], tuple("-" * width for width in widths), *lines[1:]]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in ruled)


def _time(value: str) -> datetime:
    return datetime.fromisoformat(value)


def _art(result: dict[str, Any]) -> str:
    return f"{result['style']}, {result['files'][0]['width']}×{result['files'][0]['height']} px"


def _music(result: dict[str, Any]) -> str:
    return f"{result['key']} {result['mode']}, {result['tempo']:.0f} BPM, {result['files'][0]['duration']:.0f} s"


def _cymatic(result: dict[str, Any]) -> str:
    return f"{len(result['eigenmodes'])} eigenmodes, first {result['eigenmodes'][0]['frequency']:.1f} Hz"


def _emotion(result: dict[str, Any]) -> str:
    return ", ".join((each["labels"] or ["none"])[0] for each in result["texts"])


def _rotation(result: dict[str, Any]) -> str:
    moved = sum(domain["moved"] for domain in result["domains"])
    return f"{len(result['domains'])} domains, {moved} examples {'would move' if result['dry_run'] else 'moved'}"


SUMMARIES = {"art": _art, "music": _music, "cymatic": _cymatic, "emotion": _emotion, "rotation": _rotation}
