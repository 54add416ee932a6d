"""Which page of a domain a request asks for."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.errors import KnowledgeError, nearest
from knowledge.kinds.body import truth
from knowledge.selectors import ARCHIVED_FIELDS, FIELDS, Cursor

DEFAULT_LIMIT, MAX_LIMIT = 100, 1_000
PARAMETERS = ("limit", "cursor", "fields", "archived", "format")


@dataclass(frozen=True, slots=True)
class PageQuery:
    """The parameters of a page."""

    limit: int
    cursor: Cursor | None
    fields: tuple[str, ...]
    archived: bool

    @classmethod
    def parse(cls, query: Mapping[str, str]) -> "PageQuery":
        """Return the parameters in a query string. Raises `KnowledgeError`."""
        for name in query:
            if name not in PARAMETERS:
                raise KnowledgeError(name, f"There is no such parameter.{nearest(name, PARAMETERS)}")
        archived = truth(query, "archived")
        cursor = query.get("cursor")
        return cls(
            _limit(query.get("limit")),
            Cursor.decode(cursor) if cursor else None,
            _fields(query.get("fields"), ARCHIVED_FIELDS if archived else FIELDS),
            archived,
        )

    @property
    def is_first_plain_page(self) -> bool:
        """Say whether this is the page that most ask for, which the shared cache holds."""
        return self == PageQuery(DEFAULT_LIMIT, None, FIELDS, archived=False)

    def fingerprint(self) -> str:
        """Return a short text that is the same for the same page."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= MAX_LIMIT or len(text) > 9:
        raise KnowledgeError("limit", f"It must be a whole number from 1 to {MAX_LIMIT:,}.")
    return int(text)


def _fields(text: str | None, known: tuple[str, ...]) -> tuple[str, ...]:
    if text is None:
        return known
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    for name in names:
        if name not in known:
            raise KnowledgeError("fields", f"{name!r} is none of {', '.join(known)}.{nearest(name, known)}")
    return names
