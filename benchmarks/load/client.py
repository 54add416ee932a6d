"""One run of Locust, and the figures that it wrote."""

import csv
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

WARM_UP = 20  # seconds in which the clients come, and which are not counted


@dataclass(frozen=True, slots=True)
class Line:
    """The requests of one name, times in ms; the last line of a run is the sum and is called ``Aggregated``."""

    name: str
    requests: int
    failures: int
    rate: float
    p50: float
    p95: float
    p99: float


@dataclass(frozen=True, slots=True)
class Moment:
    """One second of a run: requests a second, and the times (ms) of the last ten seconds."""

    at: float
    users: int
    rate: float
    failures: float
    p50: float
    p95: float
    p99: float


def start(prefix: Path, url: str, users: int, seconds: int, variables: Mapping[str, str]) -> "subprocess.Popen[bytes]":
    """Start Locust; ``seconds`` are those that are counted."""
    command = [sys.executable, "-m", "locust", "-f", str(Path(__file__).with_name("users.py")), "--headless"]
    command += ["-H", url, "-u", str(users), "-r", str(max(1, users // WARM_UP)), "-t", f"{seconds + WARM_UP}s"]
    command += ["--reset-stats", "--csv", str(prefix), "--html", f"{prefix}.html", "--only-summary"]
    with Path(f"{prefix}.log").open("wb") as log:
        return subprocess.Popen(command, env=os.environ | variables, stdout=log, stderr=log)


def lines(prefix: Path) -> list[Line]:
    """Return the figures of each name, and their sum."""
    return [
        Line(row["Name"], int(row["Request Count"]), int(row["Failure Count"]), float(row["Requests/s"]), *_times(row))
        for row in _rows(prefix, "stats")
        if row["Request Count"] != "0"
    ]


def moments(prefix: Path) -> list[Moment]:
    """Return the run second by second."""
    rows = [row for row in _rows(prefix, "stats_history") if row["Name"] == "Aggregated" and row["50%"] != "N/A"]
    began = float(rows[0]["Timestamp"]) if rows else 0.0
    return [
        Moment(
            float(row["Timestamp"]) - began, int(row["User Count"]), float(row["Requests/s"]),
            float(row["Failures/s"]), *_times(row),
        )
        for row in rows
    ]  # fmt: skip


def failures(prefix: Path) -> list[str]:
    """Return what went wrong, and how often."""
    return [f"{row['Occurrences']}× {row['Name']}: {row['Error']}" for row in _rows(prefix, "failures")]


def _rows(prefix: Path, name: str) -> list[dict[str, str]]:
    with Path(f"{prefix}_{name}.csv").open() as stream:
        return list(csv.DictReader(stream))


def _times(row: Mapping[str, str]) -> tuple[float, float, float]:
    return float(row["50%"]), float(row["95%"]), float(row["99%"])
