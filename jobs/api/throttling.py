"""The rate limit, as DRF asks for one."""

from typing import Any

from django.db import InterfaceError, OperationalError
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from jobs import keycache, ratelimit
from jobs.models import ApiKey


class UserThrottle(BaseThrottle):
    """So many requests a minute a user, whatever the number of keys."""

    verdict: ratelimit.Verdict | None = None

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request; its verdict also feeds the ``RateLimit`` headers."""
        if not request.user or not request.user.is_authenticated:
            return True
        key = request.auth if isinstance(request.auth, ApiKey) else None
        self.verdict = ratelimit.count(request.user.pk, ratelimit.limit_of(key))
        if key is not None:
            _still_good(key)
        request._request.rate_verdict = self.verdict  # type: ignore[attr-defined]  # read by the middleware
        return self.verdict.allowed

    def wait(self) -> float | None:
        """Return the seconds to wait before the next request."""
        return None if self.verdict is None else self.verdict.wait


def _still_good(row: ApiKey) -> None:
    """Refuse a key that was remembered as good, and of whose end the count has just brought news.

    While the database is away it stays good: there is nobody to say otherwise.
    """
    if keycache.get(row.key_hash) is None:
        try:
            now = ApiKey.objects.select_related("owner").filter(pk=row.pk).first()
        except (OperationalError, InterfaceError):
            return
        if now is None or not now.is_usable() or not now.owner.is_active:
            raise AuthenticationFailed("This API key is closed.")
        keycache.put(now)
