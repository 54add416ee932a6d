"""What was wrong with a row or a file."""

from dataclasses import dataclass, field

KEPT = 100


class RowError(ValueError):
    """One row cannot be imported."""


class FileError(Exception):
    """A whole file cannot be imported; none of its rows goes in."""


class Unreadable(Exception):
    """A file cannot be read any further from here; what was read before goes in."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Issue:
    """A complaint, with the file and the line (from 1; 0 for the file as a whole) that it is about."""

    file: str
    line: int
    message: str

    def as_json(self) -> dict[str, str | int]:
        """Return the issue as results and batches show it."""
        return {"file": self.file, "line": self.line, "message": self.message}


@dataclass(slots=True)
class Issues:
    """All issues counted, the first 100 kept."""

    count: int = 0
    first: list[Issue] = field(default_factory=list)

    def add(self, file: str, line: int, message: str) -> None:
        """Note one more."""
        self.count += 1
        if len(self.first) < KEPT:
            self.first.append(Issue(file, line, message))
