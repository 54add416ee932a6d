"""So many requests a minute: a sliding window that all processes share, counted atomically in Redis.

The window slides over two counters, this minute's and the last one's, weighted by how much of the last minute still
lies within sixty seconds: two numbers a user, and an error of a few per cent where a log of times would be exact.
Polls are counted loosely: a process lets a tenth of what is left pass, for a second at most, before it asks again, so
the nearer the limit the more often it asks. Without Redis each process counts for itself
and asks again after a moment.
"""

import math
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import redis
from django.conf import settings

from jobs import broker, keycache
from jobs.choices import Tier
from jobs.models import ApiKey

_WINDOW = 60
_LOOSE_SECONDS = 1.0
_LOOSE_SHARE = 0.1
_MOST_ACCOUNTS = 10_000
_TIERS = {int(tier): tier.label for tier in Tier}
_REST_SECONDS = 2.0

_LUA = """
local window, limit, now, passed = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local slot = math.floor(now / window)
local this, last = KEYS[1] .. ':' .. slot, KEYS[1] .. ':' .. (slot - 1)
local share = 1 - (now % window) / window
local used = tonumber(redis.call('GET', this) or 0) + passed + share * tonumber(redis.call('GET', last) or 0)
local epoch = redis.call('GET', KEYS[2]) or '0'
local allowed = 0
if used + 1 <= limit then allowed = 1 end
if passed + allowed > 0 then
    redis.call('INCRBY', this, passed + allowed)
    redis.call('EXPIRE', this, 2 * window)
end
return {allowed, tostring(used + allowed), epoch}
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """May the request pass, how many more may, and the seconds until one may again."""

    allowed: bool
    limit: int
    remaining: int
    wait: int


@dataclass(slots=True)
class _Account:
    """What this process knows of a user: what all had used when it last asked, and what it has let pass since."""

    used: float
    asked_at: float
    passed: int = 0


_accounts: dict[int, _Account] = {}
_rest_until = 0.0
_lock = threading.Lock()


def limit_of(key: ApiKey | None) -> int:
    """Return the requests a minute that a key (a session: None) allows: its own, else its tier's, else everybody's."""
    if key is not None and key.requests_per_minute:
        return key.requests_per_minute
    of_tiers: Mapping[str, float] = settings.MCAI_TIER_REQUESTS_PER_MINUTE
    of_tier = of_tiers.get(_TIERS[Tier.STANDARD if key is None else key.tier])
    return int(of_tier or settings.MCAI_REQUESTS_PER_MINUTE)


def count(user_id: int, limit: int) -> Verdict:
    """Count one request of the user against `limit` a minute."""
    now, passed = time.time(), _take_passed(user_id)
    if time.monotonic() < _rest_until:
        return _counted_alone(user_id, limit, now)
    try:
        keys = [f"mcai:rate:{user_id}", keycache.EPOCH]
        allowed, used, epoch = _script()(keys=keys, args=[_WINDOW, limit, repr(now), passed])
        used = float(used)
        keycache.heed(epoch)
        _remember(user_id, used)
    except redis.RedisError:
        keycache.unheard()
        _rest()
        return _counted_alone(user_id, limit, now)
    return _verdict(bool(allowed), limit, used)


def headers_of(verdict: Verdict) -> list[tuple[str, str]]:
    """Return the headers that tell a client what is left of its rate (draft-ietf-httpapi-ratelimit-headers)."""
    return [
        ("RateLimit-Policy", f'"user";q={verdict.limit};w={_WINDOW}'),
        ("RateLimit", f'"user";r={verdict.remaining};t={verdict.wait or _WINDOW}'),
    ]


def count_loosely(user_id: int, limit: int) -> Verdict:
    """Count one request of the user, asking the other processes only every so often."""
    with _lock:
        account = _accounts.get(user_id)
        fresh = account is not None and time.monotonic() - account.asked_at < _LOOSE_SECONDS
        if account is not None and fresh and account.passed < _LOOSE_SHARE * (limit - account.used):
            account.passed += 1
            return Verdict(True, limit, int(limit - account.used - account.passed), 0)
    return count(user_id, limit)


def _rest() -> None:
    """Leave Redis alone for a moment: one that does not answer must not be waited for by every request."""
    global _rest_until  # noqa: PLW0603 - what this process knows
    _rest_until = time.monotonic() + _REST_SECONDS


def _counted_alone(user_id: int, limit: int, now: float) -> Verdict:
    allowed, used = _local.count(user_id, limit, now)
    return _verdict(allowed, limit, used)


def _verdict(allowed: bool, limit: int, used: float) -> Verdict:
    return Verdict(allowed, limit, max(0, int(limit - used)), _wait(limit, used, allowed))


def _take_passed(user_id: int) -> int:
    with _lock:
        account = _accounts.pop(user_id, None)
    return 0 if account is None else account.passed


def _remember(user_id: int, used: float) -> None:
    with _lock:
        if len(_accounts) >= _MOST_ACCOUNTS:
            _accounts.clear()
        _accounts[user_id] = _Account(used, time.monotonic())


def _wait(limit: int, used: float, allowed: bool) -> int:
    """Return the seconds until the window has slid far enough for one more request."""
    if allowed:
        return 0
    rate = max(used, 1.0) / _WINDOW  # at which old requests leave the window
    return max(1, min(_WINDOW, math.ceil((used + 1 - limit) / rate)))


class _LocalWindow:
    """The same count, in this process alone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: dict[tuple[int, int], int] = {}

    def count(self, user_id: int, limit: int, now: float) -> tuple[bool, float]:
        """Count; return whether the request may pass, and what is used."""
        slot, share = int(now // _WINDOW), 1 - now % _WINDOW / _WINDOW
        with self._lock:
            self._counts = {key: value for key, value in self._counts.items() if key[1] >= slot - 1}
            used = self._counts.get((user_id, slot), 0) + share * self._counts.get((user_id, slot - 1), 0)
            if used + 1 > limit:
                return False, used
            self._counts[user_id, slot] = self._counts.get((user_id, slot), 0) + 1
            return True, used + 1


_local = _LocalWindow()


@cache
def _script() -> "redis.commands.core.Script":
    return broker.client().register_script(_LUA)
