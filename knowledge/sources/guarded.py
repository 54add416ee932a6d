"""One call to a source behind its circuit breaker."""

from collections.abc import Callable
from typing import TypeVar

from knowledge.sources.breaker import Breaker
from knowledge.sources.contract import Declined, SourceFailure

T = TypeVar("T")


def guarded(name: str, call: Callable[[], T]) -> T:
    """Run ``call`` where the breaker of that name allows it, and tell the breaker what came of it.

    Raises
    ------
    Declined
        Where the breaker is open.
    SourceFailure, Declined
        From ``call``.
    """
    breaker = Breaker(name)
    permit = breaker.allow()
    if not permit.granted:
        raise Declined(f"left alone for {permit.wait:.0f} s after failures")
    try:
        result = call()
    except SourceFailure as failure:
        breaker.failed(permit, failure.retry_after)
        raise
    except BaseException:
        breaker.released(permit)
        raise
    breaker.succeeded(permit)
    return result
