"""The one place that makes cache keys.

A key's name is ``<type>:<scope>:<digest>``, legible enough to be invalidated by pattern; the digest is the
SHA-256 of everything that the value depends on.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from knowledge.cache.policies import policy_for

FORMAT = 1
"""Raised whenever what is kept under a key changes its shape: older entries are then never found."""

EVERY_DOMAIN = "@all"  # "@" is percent-encoded in a domain's name, so no domain can be called this


@dataclass(frozen=True, slots=True)
class Key:
    """The name of one cached value; ``text`` says in words what was asked, for whoever looks at the table."""

    cache_type: str
    scope: str
    digest: str
    text: str = field(default="", compare=False)

    @property
    def name(self) -> str:
        """The key as every tier writes it (each Redis key has the prefix of the installation before it)."""
        return f"{self.cache_type}:{self.scope}:{self.digest}"


def scope_of(domain: str | None) -> str:
    """Return the middle part of the keys of ``domain``, or of what all domains share."""
    return EVERY_DOMAIN if domain is None else quote(domain, safe="")


def canonical(value: Any) -> bytes:
    """Return ``value`` as JSON with one spelling only.

    Raises
    ------
    ValueError, TypeError
        Where ``value`` holds what JSON cannot say (NaN, an object of a class).
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def make_key(
    cache_type: str,
    parameters: Mapping[str, Any],
    *,
    version: str,
    domain: str | None = None,
    owner: str | None = None,
    text: str = "",
) -> Key:
    """Return the key of the value that these parameters give.

    Parameters
    ----------
    cache_type:
        A name of ``policies.POLICIES``.
    parameters:
        Every parameter that the value depends on, as JSON.
    version:
        The version of the data that it is made from, see ``versions``.
    domain:
        The one domain that it is about; None where it may draw on all.
    owner:
        Whose value it is; must be given for types that are one's own, and stays out of the others.

    Raises
    ------
    ValueError
        For an unknown type, a personal type without an owner, or parameters that are not JSON.
    """
    policy = policy_for(cache_type)
    if policy.personal and not owner:
        raise ValueError(f"A value of type {cache_type!r} is one's own: it needs an owner in its key.")
    depends_on = {
        "format": FORMAT,
        "type": cache_type,
        "domain": domain,
        "version": version,
        "owner": owner if policy.personal else None,
        "parameters": dict(parameters),
    }
    return Key(cache_type, scope_of(domain), hashlib.sha256(canonical(depends_on)).hexdigest(), text)


def key_of_api_key(key_hash: str) -> Key:
    """Return the key under which an API key is remembered; it has no type, and so no statistics, of its own."""
    return Key("api_key", EVERY_DOMAIN, hashlib.sha256(f"{FORMAT}:{key_hash}".encode()).hexdigest())
