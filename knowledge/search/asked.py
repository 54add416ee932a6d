"""What is asked of a search."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

LONGEST_QUERY = 2_000
MOST = 100
DEEPEST = 1_000
"""A search ranks this many; further pages than these have no meaning."""


class Mode(StrEnum):
    """How examples are found: by words, by meaning, or by both."""

    TEXT = "text"
    SEMANTIC = "semantic"
    HYBRID = "hybrid"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which examples may be found; None lets all pass.

    ``since`` is the first moment of creation and ``before`` the first one too late. Frequencies are in Hz: that of the
    example itself, or either of any emotion that it names.
    """

    domain: str | None = None
    since: datetime | None = None
    before: datetime | None = None
    emotion: str | None = None
    min_frequency: float | None = None
    max_frequency: float | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A search: ``limit`` results from the one at ``offset``; ``archived`` looks in the archive as well."""

    query: str
    mode: Mode = Mode.TEXT
    filters: Filters = field(default_factory=Filters)
    limit: int = 20
    offset: int = 0
    archived: bool = False

    @property
    def depth(self) -> int:
        """Return how many results must be ranked for this page, and one to see whether there are more."""
        return min(self.offset + self.limit, DEEPEST) + 1
