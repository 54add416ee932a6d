"""API keys that still open the door for reads while the database, which holds them, is away.

A key that the database confirmed is remembered for a quarter of an hour: in the shared cache, signed as every entry
is, and by this process for itself, which is asked while Redis is away too. Both are asked only while the database
cannot be: a revoked key is refused as soon as the database answers, and is forgotten by the first who is told so.
"""

import contextlib
import time
from typing import Any

from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError
from django.utils.dateparse import parse_datetime
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.views import APIView

from jobs.api.authentication import ApiKeyAuthentication, ProblemSessionAuthentication
from jobs.api.headers import bearer
from jobs.models import ApiKey
from jobs.models.api_key import hash_key
from knowledge.cache import redis_tier
from knowledge.cache.availability import Away
from knowledge.cache.entry import Entry, UnusableEntry, encode
from knowledge.cache.keys import Key, key_of_api_key

REMEMBERED_SECONDS = 900.0
_AGAIN_SECONDS = 60.0

_MOST = 10_000

_confirmed: dict[str, tuple[float, ApiKey]] = {}
"""The keys that this process has seen confirmed, and when (monotonic); they are written once a minute each."""


class RememberedKeyAuthentication(ApiKeyAuthentication):
    """``Authorization: Bearer <API key>``, also without the database."""

    def authenticate(self, request: Request) -> tuple[Any, ApiKey] | None:
        """Return the key's owner and the key; None where none is given."""
        token = bearer(request.headers)
        if token is None:
            return None
        key = key_of_api_key(hash_key(token))
        try:
            found = super().authenticate(request)
        except (OperationalError, InterfaceError):
            remembered = _recall(key)
            if remembered is None:
                raise
            return remembered
        except AuthenticationFailed:
            _forget(key)
            raise
        if found is not None:
            _remember(key, found[1])
        return found


class OpenWithoutDatabase(APIView):
    """A view that knows such keys. Its schema says what every view's does: that it takes an API key, or a session."""

    def get_authenticators(self) -> list[BaseAuthentication]:
        """Return who may come in."""
        if getattr(self, "swagger_fake_view", False):
            return super().get_authenticators()
        return [RememberedKeyAuthentication(), ProblemSessionAuthentication()]


def _remember(key: Key, row: ApiKey) -> None:
    if _own(key, _AGAIN_SECONDS):
        return
    if len(_confirmed) >= _MOST:
        _confirmed.clear()
    _confirmed[key.digest] = time.monotonic(), row
    entry = Entry(_as_json(row), time.time(), REMEMBERED_SECONDS)
    with contextlib.suppress(Away):
        redis_tier.put(key, encode(key, entry), REMEMBERED_SECONDS)


def _recall(key: Key) -> tuple[User, ApiKey] | None:
    try:
        entry = redis_tier.get(key)
        row = _from_json(entry.value) if entry else None
    except Away:
        row = _own(key, REMEMBERED_SECONDS)
    except UnusableEntry:
        return None
    return (row.owner, row) if row is not None and row.is_usable() else None


def _own(key: Key, seconds: float) -> ApiKey | None:
    """Return the row that this process has seen confirmed within so many seconds."""
    confirmed, row = _confirmed.get(key.digest, (float("-inf"), None))
    return row if time.monotonic() - confirmed < seconds else None


def _forget(key: Key) -> None:
    if _confirmed.pop(key.digest, None):
        with contextlib.suppress(Away):
            redis_tier.drop(key)


def _as_json(row: ApiKey) -> dict[str, Any]:
    key = {
        "id": row.pk,
        "tier": row.tier,
        "requests_per_minute": row.requests_per_minute,
        "expires_at": row.expires_at.isoformat() if row.expires_at else None,
    }
    return {"key": key, "owner": {"id": row.owner.pk, "username": row.owner.username, "is_staff": row.owner.is_staff}}


def _from_json(value: dict[str, Any]) -> ApiKey:
    expires_at = value["key"]["expires_at"]
    expiry = parse_datetime(expires_at) if expires_at else None
    return ApiKey(**{**value["key"], "expires_at": expiry}, owner=User(**value["owner"], is_active=True))
