"""What an invalidation names: a glob over ``<type>:<scope>:<digest>``, a type, a domain, or everything."""

import re
from dataclasses import dataclass

from knowledge.cache.keys import EVERY_DOMAIN, scope_of
from knowledge.cache.policies import POLICIES

MAX_LENGTH = 300
_PLAIN = re.compile(r"[^*?\[\]\\\x00-\x1f]+|[*?]")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One or more globs (``*`` and ``?``) over key names."""

    globs: tuple[str, ...]

    @property
    def regex(self) -> str:
        """The same as one POSIX regular expression, for PostgreSQL."""
        return "^(" + "|".join(_as_regex(glob) for glob in self.globs) + ")$"


def everything() -> Pattern:
    """Return the pattern of all entries."""
    return Pattern(("*",))


def of_domain(domain: str) -> Pattern:
    """Return the pattern of what was made from ``domain``: its own entries, and those drawn from all domains."""
    return Pattern((f"*:{scope_of(domain)}:*", f"*:{EVERY_DOMAIN}:*"))


def of_type(cache_type: str) -> Pattern:
    """Return the pattern of every entry of a type."""
    return Pattern((f"{cache_type}:*",))


def parse_pattern(text: str | None) -> Pattern:
    """Return what ``text`` names: nothing or ``*`` everything, a cache type, a glob, or else a domain.

    Raises
    ------
    ValueError
        Where it is too long, or holds characters that a pattern cannot hold.
    """
    text = (text or "*").strip() or "*"
    if len(text) > MAX_LENGTH:
        raise ValueError(f"A pattern has at most {MAX_LENGTH} characters.")
    if text in POLICIES:
        return of_type(text)
    if not _PLAIN.match(text) or "".join(_PLAIN.findall(text)) != text:
        raise ValueError("A pattern knows '*' and '?' alone, such as 'query:*' or 'examples:stoicism:*'.")
    return Pattern((text,)) if set(text) & set("*?:") else of_domain(text)


def _as_regex(glob: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in glob)
