"""What a search asks for, read from the parameters of an address."""

import base64
import binascii
import hashlib
import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, time, timedelta

import orjson
from django.utils.dateparse import parse_date, parse_datetime

from jobs.api.parsing import check_storable
from jobs.errors import InvalidParams
from knowledge.cache.reads import read_emotions
from knowledge.errors import nearest
from knowledge.kinds import body as read
from knowledge.search.asked import DEEPEST, LONGEST_QUERY, MOST, Asked, Filters, Mode

DEFAULT_LIMIT = 20
_FIELDS = (
    "q", "mode", "domain", "from", "to", "emotion", "min_frequency", "max_frequency", "limit", "cursor", "archived",
)  # fmt: skip


def asked_of(query: Mapping[str, str]) -> Asked:
    """Return the search that the parameters of an address ask for. Raises `InvalidParams`."""
    check_storable(dict(query))
    read.only(query, _FIELDS)
    filters = Filters(
        domain=query.get("domain") or None,
        since=_moment(query, "from", end=False),
        before=_moment(query, "to", end=True),
        emotion=_emotion(query.get("emotion")),
        min_frequency=_number(query, "min_frequency"),
        max_frequency=_number(query, "max_frequency"),
    )
    limit = _limit(query.get("limit"))
    asked = Asked(_text(query), _mode(query.get("mode")), filters, limit, archived=read.truth(query, "archived"))
    return replace(asked, offset=_offset(query.get("cursor"), asked))


def _text(query: Mapping[str, str]) -> str:
    text = query.get("q", "").strip()
    if not text or len(text) > LONGEST_QUERY:
        raise InvalidParams("q", f"It must have 1 to {LONGEST_QUERY:,} characters; it has {len(text):,}.")
    return text


def _mode(name: str | None) -> Mode:
    if name is not None and name not in set(Mode):
        raise InvalidParams("mode", f"It must be one of {', '.join(Mode)}.{nearest(name, list(Mode))}")
    return Mode.TEXT if name is None else Mode(name)


def _limit(text: str | None) -> int:
    if text is None:
        return DEFAULT_LIMIT
    if not text.isascii() or not text.isdigit() or len(text) > 9 or not 1 <= int(text) <= MOST:
        raise InvalidParams("limit", f"It must be a whole number from 1 to {MOST}.")
    return int(text)


def _emotion(name: str | None) -> str | None:
    if not name:
        return None
    rows = read_emotions().rows
    names = [row["name"] for row in rows or ()]
    if rows is not None and name.casefold() not in names:
        raise InvalidParams("emotion", f"There is no emotion {name[:50]!r}.{nearest(name.casefold(), names)}")
    return name.casefold()


def _number(query: Mapping[str, str], name: str) -> float | None:
    text = query.get(name)
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not math.isfinite(number) or number < 0:
        raise InvalidParams(name, f"It must be a frequency in Hz, such as 432; it is {text[:50]!r}.")
    return number


def _moment(query: Mapping[str, str], name: str, *, end: bool) -> datetime | None:
    """Return the moment, or the start of the day; with ``end`` the first one that is past it."""
    text = query.get(name)
    if not text:
        return None
    try:
        day = parse_date(text)
        if day is not None:
            return datetime.combine(day, time(), UTC) + timedelta(days=end)
        moment = parse_datetime(text) or parse_datetime(text.replace(" ", "+"))  # a plus sign not percent-encoded
        if moment is not None:
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) + timedelta(microseconds=end)
    except (ValueError, OverflowError):
        pass
    raise InvalidParams(name, f"It must be a date or a moment such as 2026-11-20T12:00:00Z; it is {text[:50]!r}.")


def cursor_at(offset: int, asked: Asked) -> str:
    """Return the cursor of the page of ``asked`` that begins at ``offset``."""
    return base64.urlsafe_b64encode(f"{offset}:{_identity(asked)}".encode()).decode().rstrip("=")


def _offset(cursor: str | None, asked: Asked) -> int:
    """Return where the page begins that ``cursor`` names, which must come from the same search."""
    if not cursor:
        return 0
    try:
        offset, _, identity = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii").partition(":")
    except (binascii.Error, UnicodeError, ValueError):
        offset, identity = "", ""
    if identity != _identity(asked) or not offset.isdigit() or not 0 <= int(offset) < DEEPEST:
        raise InvalidParams("cursor", "It is not one that this service gave for this search.")
    return int(offset)


def _identity(asked: Asked) -> str:
    told = asdict(replace(asked, offset=0, limit=0))
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()[:16]
