"""Reading request headers."""

from django.http.request import HttpHeaders


def bearer(headers: HttpHeaders) -> str | None:
    """Return the token of a Bearer authorization, or None."""
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None
