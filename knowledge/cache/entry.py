"""One cached value with what is known of it, and how it is written.

An entry is JSON, ``{"mac": "…", "body": {…}}``. The MAC is made with a secret of this installation, so that
what somebody else wrote into a shared Redis is never answered; the body names its own key, so that a true entry
copied under another key is not either.
"""

import hashlib
import hmac
import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import orjson
from django.conf import settings

from knowledge.cache.keys import FORMAT, Key

_HEAD, _MIDDLE, _TAIL = b'{"mac":"', b'","body":', b"}"
_MAC_HEX = 32


class UnusableEntry(Exception):
    """What was found under a key must not be answered; ``reason`` is ``poisoned`` or ``older``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Entry:
    """A value, when it was made (Unix time), how long it lives and what it took (seconds, dollars)."""

    value: Any
    made_at: float
    ttl: float
    took: float = 0.0
    cost: float = 0.0
    negative: bool = False

    @property
    def ends_at(self) -> float:
        """Unix time from which the value is stale."""
        return self.made_at + self.ttl

    def is_fresh(self, now: float) -> bool:
        """Whether the value may be answered as it is."""
        return now < self.ends_at


def as_body(key: Key, entry: Entry) -> dict[str, Any]:
    """Return the entry as the JSON object that the tiers keep."""
    return {
        "format": FORMAT,
        "key": key.name,
        "value": entry.value,
        "made_at": entry.made_at,
        "ttl": entry.ttl,
        "took": entry.took,
        "cost": entry.cost,
        "negative": entry.negative,
    }


def from_body(key: Key, body: Any) -> Entry:
    """Return the entry that ``body`` holds.

    Raises
    ------
    UnusableEntry
        Where an older version wrote it, it belongs to another key, or it is no entry at all.
    """
    if not isinstance(body, dict):
        raise UnusableEntry("poisoned")
    if body.get("format") != FORMAT:
        raise UnusableEntry("older")
    if body.get("key") != key.name or "value" not in body:
        raise UnusableEntry("poisoned")
    made_at, ttl, took, cost = (_number(body.get(name)) for name in ("made_at", "ttl", "took", "cost"))
    return Entry(body["value"], made_at, ttl, took, cost, body.get("negative") is True)


def encode(key: Key, entry: Entry) -> bytes:
    """Return the entry as signed JSON.

    Raises
    ------
    TypeError
        Where the value is not JSON.
    """
    body = orjson.dumps(as_body(key, entry))
    return b"".join((_HEAD, _mac(body), _MIDDLE, body, _TAIL))


def decode(key: Key, data: bytes) -> Entry:
    """Return the entry written in ``data``.

    Raises
    ------
    UnusableEntry
        See ``from_body``; also where the MAC is missing or wrong.
    """
    start = len(_HEAD) + _MAC_HEX
    mac, body = data[len(_HEAD) : start], data[start + len(_MIDDLE) : -len(_TAIL)]
    if not hmac.compare_digest(mac, _mac(body)):
        raise UnusableEntry("poisoned")
    return from_body(key, orjson.loads(body))


def _mac(body: bytes) -> bytes:
    return hashlib.blake2b(body, key=_secret(settings.SECRET_KEY), digest_size=_MAC_HEX // 2).hexdigest().encode()


@lru_cache(maxsize=4)
def _secret(secret_key: str) -> bytes:
    return hashlib.blake2b(secret_key.encode(), person=b"knowledge.cache", digest_size=32).digest()


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise UnusableEntry("poisoned")
    return float(value)
