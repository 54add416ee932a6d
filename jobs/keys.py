"""Making, finding and revoking API keys."""

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone

from jobs import keycache
from jobs.choices import Tier
from jobs.models import ApiKey
from jobs.models.api_key import HINT_LENGTH, hash_key, new_key


def key_create(
    *, owner: User, name: str, tier: Tier = Tier.STANDARD, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """Make a key for `owner`. Return its row, and the key itself, which cannot be had again."""
    key = new_key()
    row = ApiKey.objects.create(
        owner=owner, name=name, tier=tier, expires_at=expires_at, key_hash=hash_key(key), hint=key[:HINT_LENGTH]
    )
    return row, key


def key_find(key: str) -> ApiKey | None:
    """Return the row of `key` with its owner, usable or not, or None where there is no such key."""
    key_hash = hash_key(key)
    row = keycache.get(key_hash)
    if row is None:
        row = ApiKey.objects.select_related("owner").filter(key_hash=key_hash).first()
        if row is not None:
            keycache.put(row)
    return row


def key_revoke(row: ApiKey) -> None:
    """Close the key for good."""
    ApiKey.objects.filter(pk=row.pk, revoked_at=None).update(revoked_at=timezone.now())
    keycache.changed()
