"""Import beside a bare psycopg2 COPY of the same rows into the same indexed table, in turn, the best of two each."""

import io
import json
import subprocess
import sys
import time
from pathlib import Path

import orjson
from django.db import connection

from benchmarks.knowledge.corpora import LARGE, MIDDLE, corpus_file, empty, execute
from benchmarks.report import Row

ROUNDS = 2
MEMORY_BOUND_MB = 150
GROWTH_BOUND = 1.1


def rows() -> list[Row]:
    """Measure; the store is left with one domain of `MIDDLE` and one of `LARGE` examples."""
    path = corpus_file(MIDDLE, seed=1)
    copied = max(_copy(path) for _ in range(ROUNDS))
    imported = [_import(path, "middle") for _ in range(ROUNDS)]
    best = max(rate for rate, _ in imported)
    large_rate, large_peak = _import(corpus_file(LARGE, seed=2), "large", clean=False)
    ratio, peak = best / copied, max(peak for _, peak in imported)
    return [
        Row(
            f"import of {MIDDLE:,} rows",
            f"{best:,.0f} rows/s",
            f"COPY {copied:,.0f} rows/s: {ratio:.2f} ×, at least 0.5",
            ratio >= 0.5,
        ),
        Row(f"peak memory, {MIDDLE:,} rows", f"{peak:.0f} MB", f"< {MEMORY_BOUND_MB} MB", peak < MEMORY_BOUND_MB),
        Row(
            f"peak memory, {LARGE:,} rows ({large_rate:,.0f} rows/s)",
            f"{large_peak:.0f} MB",
            f"no higher than {peak:.0f} MB",
            large_peak < GROWTH_BOUND * peak,
        ),
    ]


def _copy(path: Path) -> float:
    """Return the rows a second of COPY alone, its text made beforehand."""
    empty()
    ((dataset,),) = execute("INSERT INTO datasets (domain_name) VALUES ('copied') RETURNING id")
    text = io.StringIO("".join(_line(str(dataset), orjson.loads(line)) for line in path.open("rb")))
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.copy_expert("COPY examples (dataset_id, content, response, metadata) FROM STDIN", text)
    return MIDDLE / (time.perf_counter() - started)


def _line(dataset: str, row: dict[str, object]) -> str:
    return "\t".join((dataset, str(row["content"]), str(row["response"]), json.dumps(row["metadata"]))) + "\n"


def _import(path: Path, domain: str, *, clean: bool = True) -> tuple[float, float]:
    """Return the rows a second and the peak memory in MB of an import in a process of its own."""
    if clean:
        empty()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.knowledge.loading", str(path), domain], stdout=subprocess.PIPE, check=True
    )
    seconds, added, peak = json.loads(done.stdout.splitlines()[-1])
    return added / seconds, peak


def _main(path: Path, domain: str) -> None:
    import django

    django.setup()
    from knowledge.importing.options import ImportOptions
    from knowledge.importing.run import import_run

    started = time.perf_counter()
    report = import_run(paths=[path], options=ImportOptions(domain=domain), actor="benchmark")
    print(json.dumps([time.perf_counter() - started, report.added, _peak_mb()]))


def _peak_mb() -> float:
    """Return this process's own peak; that of ``getrusage`` is inherited from the process that started it."""
    (line,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    _main(Path(sys.argv[1]), sys.argv[2])
