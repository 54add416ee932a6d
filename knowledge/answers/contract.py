"""What a question is given for an answer."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from knowledge.sources.contract import Citation, Finding


class Outcome(StrEnum):
    """What came of asking one source."""

    ANSWERED = "answered"
    WEAK = "weak"
    NOTHING = "nothing"
    FAILED = "failed"
    DECLINED = "declined"
    NOT_CONFIGURED = "not_configured"
    NOT_ASKED = "not_asked"


@dataclass(frozen=True, slots=True)
class Attempt:
    """One source: what came of it, why, and how long it took."""

    name: str
    outcome: Outcome
    detail: str = ""
    time_ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The best finding, the source that it came from (both None where nothing was found), and every source's part."""

    source: str | None
    finding: Finding | None
    attempts: tuple[Attempt, ...]

    def as_json(self) -> dict[str, Any]:
        """Return the answer as the cache keeps it."""
        finding = None if self.finding is None else asdict(self.finding)
        return {"source": self.source, "finding": finding, "attempts": [asdict(a) for a in self.attempts]}

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> "Answer":
        """Return the answer that ``as_json`` wrote. Raises ValueError, KeyError or TypeError where it did not."""
        attempts = tuple(Attempt(**{**a, "outcome": Outcome(a["outcome"])}) for a in value["attempts"])
        finding = value["finding"]
        if finding is not None:
            citations = tuple(Citation(**c) for c in finding["citations"])
            finding = Finding(**{**finding, "citations": citations})
        return cls(value["source"], finding, attempts)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer to one asker: whether it was cached or stale, its age and time in seconds, its cost in dollars."""

    query: str
    query_hash: str
    answer: Answer
    cached: bool
    stale: bool
    age: float
    time: float
    cost: float
    saved_cost: float
