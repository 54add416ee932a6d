"""What each process of the system takes: processor time, resident memory, and its share of what is mapped (PSS)."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import psutil

_GONE = (psutil.NoSuchProcess, psutil.AccessDenied, FileNotFoundError, ProcessLookupError)


@dataclass(slots=True)
class Process:
    """One process, over its life while it was watched; memory in MiB at its highest."""

    role: str
    pid: int
    cpu_began: float
    cpu: float = 0.0
    rss: float = 0.0
    pss: float = 0.0

    @property
    def seconds(self) -> float:
        """Return the processor time that it took while it was watched."""
        return self.cpu - self.cpu_began


@dataclass(slots=True)
class Watch:
    """Looks at the processes that descend from the ``roots`` (process id by role)."""

    roots: Mapping[str, int]
    seen: dict[int, Process] = field(default_factory=dict)
    together: dict[str, float] = field(default_factory=dict)
    """By role: the PSS in MiB of all its processes at one time, at its highest; a child may have been replaced."""

    def look(self, *, memory: bool = False) -> None:
        """Take the figures of now; those of memory cost more to have."""
        now: dict[str, float] = dict.fromkeys(self.roots, 0.0)
        for role, process in self._living():
            with contextlib.suppress(*_GONE):
                times = process.cpu_times()
                found = self.seen.setdefault(process.pid, Process(role, process.pid, times.user + times.system))
                found.cpu = times.user + times.system
                if memory:
                    rss, pss = _memory(process.pid)
                    found.rss, found.pss = max(found.rss, rss), max(found.pss, pss)
                    now[role] += pss
        self.together = {role: max(now[role], self.together.get(role, 0.0)) for role in self.roots}

    def by_role(self) -> dict[str, list[Process]]:
        """Return the processes of each role, the parents first."""
        found: dict[str, list[Process]] = {role: [] for role in self.roots}
        for process in self.seen.values():
            found[process.role].append(process)
        return found

    def _living(self) -> Iterator[tuple[str, psutil.Process]]:
        for role, pid in self.roots.items():
            with contextlib.suppress(*_GONE):
                parent = psutil.Process(pid)
                for process in (parent, *parent.children(recursive=True)):
                    yield role, process


def _memory(pid: int) -> tuple[float, float]:
    """Return RSS and PSS in MiB."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    sizes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines[1:])}
    return sizes["Rss"] / 1024, sizes["Pss"] / 1024
