"""``GET /api/examples/search``."""

import base64
import binascii
import hashlib
import math
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

import orjson
from django.utils.dateparse import parse_date, parse_datetime
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from jobs.api.parsing import check_storable
from jobs.api.submitting import PROBLEMS
from jobs.errors import InvalidParams
from knowledge.errors import KnowledgeError, nearest
from knowledge.kinds import body as read
from knowledge.models import Emotion
from knowledge.search.asked import DEEPEST, LONGEST_QUERY, MOST, Asked, Filters, Mode
from knowledge.search.highlighting import Result
from knowledge.search.searching import Page, search

_DEFAULT_LIMIT = 20
_FIELDS = (
    "q", "mode", "domain", "from", "to", "emotion", "min_frequency", "max_frequency", "limit", "cursor", "archived",
)  # fmt: skip


class FoundSerializer(serializers.Serializer[Any]):
    """A found example."""

    id = serializers.IntegerField()
    domain = serializers.CharField()
    content = serializers.CharField()
    response = serializers.CharField()
    metadata = serializers.JSONField()
    created_at = serializers.DateTimeField()
    archived = serializers.BooleanField()
    score = serializers.FloatField(help_text="comparable within one answer only")
    snippet = serializers.CharField(help_text="HTML: escaped text, the words that were found inside <mark>")


class SearchPageSerializer(serializers.Serializer[Any]):
    """A page of found examples, best first."""

    mode = serializers.ChoiceField(list(Mode), help_text="how it was searched; `text` while vectors are being made")
    results = FoundSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="the address of the next page")
    suggestion = serializers.CharField(allow_null=True, help_text="a better spelling, where nothing was found")


_PARAMETERS = [
    OpenApiParameter("q", str, required=True, description='Words, "a phrase", one OR another, -without. '
                     "Plain words rank; phrases must be there."),
    OpenApiParameter("mode", str, enum=[str(mode) for mode in Mode], default=str(Mode.TEXT)),
    OpenApiParameter("domain", str),
    OpenApiParameter("from", str, description="Created at this date or moment (ISO 8601) or later."),
    OpenApiParameter("to", str, description="Created at this moment, within this day, or earlier."),
    OpenApiParameter("emotion", str, description="Naming this emotion in their metadata."),
    OpenApiParameter("min_frequency", float, description="Hz: of the example, or of an emotion that it names."),
    OpenApiParameter("max_frequency", float, description="Hz"),
    OpenApiParameter("limit", int, description=f"Results on a page, 1 to {MOST}; {_DEFAULT_LIMIT} when absent."),
    OpenApiParameter("cursor", str, description="As `next` has it."),
    OpenApiParameter("archived", bool, description="Look in the archive as well."),
]  # fmt: skip


class SearchView(APIView):
    """Search over the examples."""

    @extend_schema(
        operation_id="search_examples", parameters=_PARAMETERS, tags=["knowledge"],
        responses={200: SearchPageSerializer, **PROBLEMS},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """Find examples by words, by meaning, or by both."""
        query = request.query_params.dict()
        asked = asked_of(query)
        try:
            page = search(asked)
        except KnowledgeError as error:
            raise InvalidParams(error.field, error.message) from error
        return Response(page_body(page, next_address(request.path, query, asked, page)))


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


def page_body(page: Page, following: str | None) -> dict[str, Any]:
    """Return a page as JSON."""
    found = [_found_body(each) for each in page.results]
    return {"mode": page.mode, "results": found, "next": following, "suggestion": page.suggestion}


def next_address(path: str, query: Mapping[str, str], asked: Asked, page: Page) -> str | None:
    """Return the address of the next page, or None where this is the last one."""
    if page.next_offset is None:
        return None
    return f"{path}?{urlencode({**query, 'cursor': _cursor(page.next_offset, asked)})}"


def _found_body(found: Result) -> dict[str, Any]:
    return asdict(found) | {"score": round(found.score, 6)}


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
        return _DEFAULT_LIMIT
    if not text.isascii() or not text.isdigit() or len(text) > 9 or not 1 <= int(text) <= MOST:
        raise InvalidParams("limit", f"It must be a whole number from 1 to {MOST}.")
    return int(text)


def _emotion(name: str | None) -> str | None:
    if not name:
        return None
    names = list(Emotion.objects.values_list("name", flat=True))
    if name.casefold() not in names:
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


def _cursor(offset: int, asked: Asked) -> str:
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
