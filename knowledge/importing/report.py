"""What an import did, in the words of the API."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class ImportReport:
    """The result of an import.

    ``read`` counts the rows found; each of them was ``added``, ``replaced`` another, or is among ``duplicates`` or
    the ``error_count``. ``errors`` holds the first 100.
    """

    batch: int
    read: int
    added: int
    replaced: int
    duplicates: int
    error_count: int
    errors: list[dict[str, str | int]]
    dry_run: bool
    refused: bool = False
    warnings: list[str] = field(default_factory=list)
    domains: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return the report as the job's result shows it."""
        names = (
            "batch", "read", "added", "replaced", "duplicates", "error_count", "errors", "dry_run", "refused",
            "warnings", "domains",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
