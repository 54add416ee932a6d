"""Addresses that clients give us to call: only public ones, and only over HTTP."""

import ipaddress
import socket
from urllib.parse import urlsplit

from django.conf import settings

from jobs.errors import InvalidParams, PermanentError

_LONGEST = 2000


class ForbiddenAddress(PermanentError):
    """The host's name leads to an address that is not public."""


def check_callback(url: object) -> str:
    """Return the callback address if its form is right. Its host is resolved when it is called, not here."""
    if not isinstance(url, str) or len(url) > _LONGEST:
        raise InvalidParams("callback_url", f"must be an http or https address of at most {_LONGEST} characters")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise InvalidParams("callback_url", "is not an address") from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username is not None or port == 0:
        raise InvalidParams("callback_url", "must be an http or https address with a host and without a password")
    if _is_literal(parts.hostname) and not _allowed(parts.hostname):
        raise InvalidParams("callback_url", "must not be a private, loopback or link-local address")
    return url


def resolve_public(host: str, port: int) -> str:
    """Return an address of `host` to connect to. Raises `ForbiddenAddress` if any of its addresses is not public."""
    found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    for address in found:
        if not _allowed(address):
            raise ForbiddenAddress(f"{host} leads to {address}, which is not a public address")
    return sorted(found)[0]


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _allowed(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_global or any(ip in ipaddress.ip_network(net) for net in settings.MCAI_WEBHOOK_NETWORKS)
