"""API keys: only their hashes are kept."""

import hashlib
import secrets
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from jobs.choices import Tier

PREFIX = "mcai_"
HINT_LENGTH = 9


class ApiKey(models.Model):
    """A program's way in, for one owner; the key itself is shown once, when it is made."""

    name = models.CharField(max_length=100)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys")
    tier = models.PositiveSmallIntegerField(choices=Tier.choices, default=Tier.STANDARD)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=12, editable=False, help_text="the key's first characters")
    requests_per_minute = models.PositiveIntegerField(null=True, blank=True, help_text="empty: the default")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        """Newest first."""

        db_table = "api_keys"
        verbose_name = "API key"
        ordering: ClassVar = ["-created_at"]

    def __str__(self) -> str:
        return f"{self.name} ({self.hint}…)"

    def is_usable(self, now: datetime | None = None) -> bool:
        """Say whether the key opens anything at `now`."""
        moment = now or timezone.now()
        return self.revoked_at is None and (self.expires_at is None or moment < self.expires_at)


def hash_key(key: str) -> str:
    """Return what is stored of a key. It holds 256 random bits, so a plain SHA-256 needs no salt or stretching."""
    return hashlib.sha256(key.encode()).hexdigest()


def new_key() -> str:
    """Return a fresh random key."""
    return PREFIX + secrets.token_urlsafe(32)
