"""What browsers alone need of a request: a session, its user, messages. A program with an API key is spared them."""

from typing import Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.utils.deprecation import MiddlewareMixin

from jobs.api.headers import bearer


class _OfBrowsers(MiddlewareMixin):
    """Goes past a middleware where the request brings a key to an address that takes keys.

    There the key alone says who asks; one that is no good is refused, session or not.
    """

    def __call__(self, request: HttpRequest) -> Any:
        """Answer."""
        if request.path_info.startswith("/api/") and bearer(request.headers) is not None:
            return self.get_response(request)
        return super().__call__(request)


class Session(_OfBrowsers, SessionMiddleware):
    """Django's sessions."""


class SessionUser(_OfBrowsers, AuthenticationMiddleware):
    """Django's user of a session."""


class Messages(_OfBrowsers, MessageMiddleware):
    """Django's messages."""
