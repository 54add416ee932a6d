"""What a source of answers is: a question goes in, a finding or nothing comes out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

from knowledge.sources.deadline import Deadline


class Listener(Protocol):
    """Hears an answer while it is being written."""

    def piece(self, text: str) -> None:
        """The next piece of it."""

    def restart(self) -> None:
        """What was heard so far is void: another model begins."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the domain that it is about (None: any), the type of task, and who listens to the answer."""

    text: str
    domain: str | None = None
    task_type: str = "query"
    listener: Listener | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a part of an answer comes from: an example of ours, or a page."""

    title: str
    excerpt: str = ""
    url: str | None = None
    domain: str | None = None
    example_id: int | None = None
    licence: str | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """An answer: its text, ``confidence`` in 0..1, citations; tokens and dollars where a model was paid."""

    text: str
    confidence: float
    citations: tuple[Citation, ...] = ()
    model: str | None = None
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost: float = 0.0
    stale: bool = False


class SourceFailure(Exception):
    """The source is ill: it does not answer, not in time, or not sense. Counts against its circuit breaker.

    ``retry_after`` is what it said of when to come back, in seconds; ``refused``: it cannot have worked, nor charged.
    ``kind`` is one word, of few, to count it by: an HTTP status, ``timeout``, ``connection``.
    """

    def __init__(
        self, reason: str, retry_after: float | None = None, *, refused: bool = False, kind: str = "_OTHER"
    ) -> None:
        super().__init__(reason)
        self.kind = kind
        self.reason = reason
        self.retry_after = retry_after
        self.refused = refused


class Declined(Exception):
    """The source was not asked, and is none the worse for it: the budget is spent, or all its models rest."""


class Source(Protocol):
    """One place that answers come from."""

    @property
    def name(self) -> str:
        """One of ``dataset``, ``wikipedia``, ``web``, ``llm``."""

    @property
    def timeout(self) -> float:
        """Seconds in which it must answer."""

    @property
    def good_enough(self) -> float:
        """The confidence from which its finding ends the search."""

    @property
    def missing(self) -> str | None:
        """What must be set before it can be asked; None where nothing is."""

    @property
    def identity(self) -> str:
        """What its answers depend on beside the question: endpoint, model. Part of the cache's key."""

    def find(self, question: Question, deadline: Deadline, context: Sequence[Finding]) -> Finding | None:
        """Return the best answer, or None where there is none.

        ``context`` is what earlier sources found, none of it good enough.

        Raises
        ------
        SourceFailure, Declined
        """
