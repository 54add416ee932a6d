"""Who is asking: an API key, or a session of the admin."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from jobs.api.headers import bearer
from jobs.choices import Tier
from jobs.keys import key_find
from jobs.models import ApiKey


class ApiKeyAuthentication(BaseAuthentication):
    """``Authorization: Bearer <API key>``."""

    def authenticate(self, request: Request) -> tuple[Any, ApiKey] | None:
        """Return the key's owner and the key; None where none is given."""
        token = bearer(request.headers)
        if token is None:
            return None
        key = key_find(token)
        if key is None or not key.owner.is_active:
            raise AuthenticationFailed("This API key is not known.")
        if not key.is_usable():
            raise AuthenticationFailed("This API key is revoked." if key.revoked_at else "This API key has expired.")
        return key.owner, key

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 says is wanted."""
        return 'Bearer realm="MC AI"'


class ProblemSessionAuthentication(SessionAuthentication):
    """A log-in through the admin, with its CSRF check."""


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the key stands in the OpenAPI schema."""

    target_class = "jobs.api.authentication.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the security scheme object."""
        return {"type": "http", "scheme": "bearer", "description": "An API key, made by `manage.py create_api_key`."}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the session stands in the OpenAPI schema."""

    target_class = "jobs.api.authentication.ProblemSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the security scheme object."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}


def caller_id(request: Request) -> int:
    """Return the id of the user who asks; the permission classes have seen to it that there is one."""
    return int(request.user.pk or 0)


def tier_of(request: Request) -> Tier:
    """Return whose turn the request's jobs come at."""
    return Tier(request.auth.tier) if isinstance(request.auth, ApiKey) else Tier.STANDARD
