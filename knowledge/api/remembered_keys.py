"""API keys that still open the door for reads while the database, which holds them, is away.

A key that the database confirmed is remembered in the shared cache for a quarter of an hour, signed as every entry
is. It is asked only while the database cannot be: a revoked key is refused as soon as the database answers.
"""

import time
from typing import Any

from django.contrib.auth.models import User
from django.db import InterfaceError, OperationalError
from django.utils.dateparse import parse_datetime
from rest_framework.authentication import BaseAuthentication
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

_told: dict[str, float] = {}
"""When this process last remembered each key, so that not every request writes."""


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
    now = time.time()
    if now - _told.get(key.digest, 0.0) < _AGAIN_SECONDS:
        return
    entry = Entry(_as_json(row), now, REMEMBERED_SECONDS)
    try:
        redis_tier.put(key, encode(key, entry), REMEMBERED_SECONDS)
    except Away:
        return
    if len(_told) > 10_000:
        _told.clear()
    _told[key.digest] = now


def _recall(key: Key) -> tuple[User, ApiKey] | None:
    try:
        entry = redis_tier.get(key)
    except (Away, UnusableEntry):
        return None
    if entry is None:
        return None
    row = _from_json(entry.value)
    return (row.owner, row) if row.is_usable() else None


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
