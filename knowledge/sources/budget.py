"""What may be spent on paid models in a day, in dollars, counted by all processes together.

The dearest that a call can be is reserved before it, and corrected after it, so that no number of calls at once can
overspend. A process that dies between leaves its reservation standing: too careful rather than too dear.
"""

import threading
from collections import Counter
from datetime import UTC, datetime

from django.conf import settings

from knowledge.cache.availability import Away
from knowledge.cache.client import prefixed, redis_availability, redis_client

ALONE_SHARE = 0.1
"""What part of the day's budget one process may spend by itself while Redis is away."""

_MICRO = 1_000_000
_KEPT_SECONDS = 3 * 24 * 3600

_RESERVE = """
-- KEYS: the day's account; ARGV: amount and limit in microdollars, seconds to keep the account
if tonumber(redis.call('GET', KEYS[1]) or '0') + ARGV[1] > tonumber(ARGV[2]) then return 0 end
redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
"""

_alone: Counter[str] = Counter()
_lock = threading.Lock()


class Reservation:
    """Money set aside for one call."""

    def __init__(self, day: str, microdollars: int, *, shared: bool) -> None:
        self._day, self._reserved, self._shared = day, microdollars, shared

    @property
    def dollars(self) -> float:
        """What counts as spent as things stand."""
        return self._reserved / _MICRO

    def settle(self, dollars: float) -> None:
        """Replace the reserved amount by what the call cost; the second time changes nothing."""
        change, self._reserved = _micro(dollars) - self._reserved, _micro(dollars)
        if self._shared:
            _correct_shared(self._day, change)
        else:
            with _lock:
                _alone[self._day] += change


def reserve(dollars: float) -> Reservation | None:
    """Set ``dollars`` aside; None where the day's budget does not hold them any more."""
    day, amount, limit = _today(), _micro(dollars), _micro(settings.LLM_DAILY_BUDGET)
    if amount == 0:
        return Reservation(day, 0, shared=True)
    try:
        with redis_availability.watch():
            granted = redis_client().register_script(_RESERVE)(
                keys=[_account(day)], args=[amount, limit, _KEPT_SECONDS]
            )
    except Away:
        return _reserve_alone(day, amount, limit)
    return Reservation(day, amount, shared=True) if granted else None


def spent_today() -> float | None:
    """Return the dollars spent and reserved today; None where Redis is away."""
    try:
        with redis_availability.watch():
            found = redis_client().get(_account(_today()))
    except Away:
        return None
    return int(found or 0) / _MICRO


def _reserve_alone(day: str, amount: int, limit: int) -> Reservation | None:
    with _lock:
        if _alone[day] + amount > limit * ALONE_SHARE:
            return None
        _alone[day] += amount
    return Reservation(day, amount, shared=False)


def _correct_shared(day: str, change: int) -> None:
    if not change:
        return
    try:
        with redis_availability.watch():
            redis_client().incrby(_account(day), change)
    except Away:
        return  # the reservation, which is more, stands


def _account(day: str) -> str:
    return prefixed(f"budget:{day}")


def _today() -> str:
    return datetime.now(UTC).date().isoformat()


def _micro(dollars: float) -> int:
    return round(dollars * _MICRO)
