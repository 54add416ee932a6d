"""Circuit breakers: a source that keeps failing is left alone, and then tried by one caller at a time.

``closed`` → (``FAILURES`` in a row) → ``open`` for ``OPEN_SECONDS`` → one trial → ``closed``, or ``open`` again. A
Retry-After opens it at once, for that long. The state is shared by all processes through Redis, and is this
process's own while Redis is away.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from knowledge.cache.availability import Away
from knowledge.cache.client import prefixed, redis_availability, redis_client
from knowledge.sources.breaker_scripts import ALLOW, FAILED, RELEASED, STATE, SUCCEEDED
from knowledge.sources.local_breaker import LocalBreaker

FAILURES = 5
OPEN_SECONDS = 60.0
TRIAL_SECONDS = 30.0
"""How long one trial keeps others away; after that the one who made it is taken for dead."""


class Way(StrEnum):
    """What a breaker says to a caller."""

    CLOSED = "closed"
    TRIAL = "trial"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Permit:
    """The answer to one caller; ``wait`` is the seconds until it is worth asking again. Give it back when done."""

    way: Way
    wait: float = 0.0

    @property
    def granted(self) -> bool:
        """Whether the source may be asked."""
        return self.way is not Way.OPEN


class Breaker:
    """The circuit breaker of one source."""

    def __init__(self, name: str) -> None:
        self._key = prefixed(f"breaker:{name}")
        self._local = LocalBreaker.named(self._key)

    def allow(self) -> Permit:
        """Ask whether the source may be asked; exactly one caller gets the trial."""
        found = self._run(ALLOW, _ms(TRIAL_SECONDS))
        way, wait = self._local.allow(TRIAL_SECONDS) if found is None else (found[0].decode(), found[1] / 1000)
        return Permit(Way(way), wait)

    def succeeded(self, permit: Permit) -> None:
        """The source answered: the breaker closes, unless it opened after this call was allowed."""
        if self._run(SUCCEEDED, permit.way) is None:
            self._local.succeeded(permit.way)

    def failed(self, permit: Permit, retry_after: float | None = None) -> None:
        """The source failed."""
        numbers = (FAILURES, _ms(OPEN_SECONDS), _ms(retry_after or 0.0))
        if self._run(FAILED, permit.way, *numbers) is None:
            self._local.failed(permit.way, FAILURES, OPEN_SECONDS, retry_after or 0.0)

    def released(self, permit: Permit) -> None:
        """The source was not asked after all: a trial is free for the next caller."""
        if permit.way is Way.TRIAL and self._run(RELEASED) is None:
            self._local.released()

    def state(self) -> dict[str, object]:
        """Return ``state`` (``closed``, ``open`` or ``half-open``), ``failures`` in a row and ``retry_in`` seconds."""
        found = self._run(STATE)
        state, failures, wait = self._local.state() if found is None else (found[0].decode(), found[1], found[2] / 1000)
        return {"state": state, "failures": failures, "retry_in": round(wait, 1)}

    def _run(self, script: str, *arguments: str | int) -> list[Any] | None:
        try:
            with redis_availability.watch():
                found: list[Any] = redis_client().register_script(script)(keys=[self._key], args=arguments)
                return found
        except Away:
            return None


def _ms(seconds: float) -> int:
    return int(seconds * 1000)
