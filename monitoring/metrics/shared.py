"""Counting in many processes: each has files of its own, mapped into its memory, that any of them can read.

A process that has ended leaves its files. They are added to an archive, so that no counter ever falls, and removed,
so that there are never more files than processes.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from prometheus_client import Metric, values
from prometheus_client.mmap_dict import MmapedDict
from prometheus_client.multiprocess import MultiProcessCollector

from monitoring.metrics.tally import TALLY

_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_NOBODY = 0  # the process id that the archive's files bear


def enable(folder: Path) -> None:
    """Let metrics that are made from now on live in files in ``folder``.

    The library chooses as it is imported, by its environment; Celery's commands import it (through Flower's entry
    point) ahead of everything of ours, so the choice is made again here.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.environ.get(_VARIABLE) != str(folder) or not values.ValueClass._multiprocess:
        os.environ[_VARIABLE] = str(folder)
        values.ValueClass = values.get_value_class()  # type: ignore[no-untyped-call]


def read(folder: Path) -> list[Metric]:
    """Return the sums over all processes, the ended ones too; what others counted in the last half second may lack."""
    TALLY.write()
    with _alone(folder):
        _archive_the_dead(folder)
        files = [str(path) for path in _ours(folder)]
        return list(MultiProcessCollector.merge(files))  # type: ignore[no-untyped-call]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep other readers out: between archiving and removing, a file would be counted twice."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _archive_the_dead(folder: Path) -> None:
    for path in _of_the_dead(_ours(folder)):
        kind = path.stem.partition("_")[0]
        archive = MmapedDict(str(folder / f"{kind}_{_NOBODY}.db"))  # type: ignore[no-untyped-call]
        counted = MmapedDict.read_all_values_from_file(str(path))  # type: ignore[no-untyped-call]
        for key, value, _, _ in counted:
            before, _ = archive.read_value(key)  # type: ignore[no-untyped-call]
            archive.write_value(key, before + value, 0.0)  # type: ignore[no-untyped-call]
        archive.close()  # type: ignore[no-untyped-call]
        path.unlink()


def _ours(folder: Path) -> list[Path]:
    """Return the files of what we count; gauges are those of a program that got our environment, such as Flower."""
    return [path for kind in ("counter", "histogram") for path in folder.glob(f"{kind}_*.db")]


def _of_the_dead(paths: Iterable[Path]) -> list[Path]:
    by_pid = [(int(path.stem.rpartition("_")[2]), path) for path in paths]
    return [path for pid, path in by_pid if pid != _NOBODY and not psutil.pid_exists(pid)]
