"""Reading request headers."""

from django.http.request import HttpHeaders


def bearer(headers: HttpHeaders) -> str | None:
    """Return the token of a Bearer authorization, or None."""
    return bearer_token(headers.get("Authorization", ""))


def bearer_token(authorization: str) -> str | None:
    """Return the token of the value of an Authorization header, or None."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
