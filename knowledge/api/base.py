"""What the views of this room share: errors, conditional answers, JSON, permissions."""

import hashlib
from collections.abc import Callable
from typing import Any

import orjson
from django.http import HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from django.utils.http import parse_etags
from rest_framework.exceptions import NotFound
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from jobs.api.parsing import BodyParser
from jobs.api.submitting import SUBMIT_PROBLEMS
from jobs.errors import InvalidParams
from knowledge.api.remembered_keys import OpenWithoutDatabase
from knowledge.errors import KnowledgeError, NotFoundError

TAGS = ["knowledge"]
BODY_PROBLEMS = {status: SUBMIT_PROBLEMS[status] for status in (413, 415)}


class KnowledgeView(OpenWithoutDatabase):
    """A view whose services raise `KnowledgeError`."""

    parser_classes = (BodyParser,)

    def handle_exception(self, exc: Exception) -> Response:
        """Turn our errors into those that become problem JSON."""
        if isinstance(exc, NotFoundError):
            return super().handle_exception(NotFound(exc.message))
        if isinstance(exc, KnowledgeError):
            return super().handle_exception(InvalidParams(exc.field, exc.message))
        return super().handle_exception(exc)


class MayWrite(BasePermission):
    """Let anyone read, and those write who have the view's ``write_permission``."""

    message = "This needs a permission that you do not have; the group `curator` has it."

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Say whether the request may go on."""
        needed = getattr(view, "write_permission", "")
        return request.method in {"GET", "HEAD", "OPTIONS"} or request.user.has_perm(needed)


def json_response(data: Any, status: int = 200) -> HttpResponse:
    """Answer JSON; dates as ISO 8601."""
    return HttpResponse(orjson.dumps(data), content_type="application/json", status=status)


def tagged(request: Request, etag: str, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Answer 304 where the client holds this version already, else what ``answer`` gives, with its ETag."""
    etag = f'"{etag}"'
    known = parse_etags(request.headers.get("If-None-Match", ""))
    fresh = etag in known or f"W/{etag}" in known or "*" in known
    response = HttpResponseNotModified() if fresh else answer()
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"  # keep it, and ask each time whether it still holds
    return response


def tagged_json(request: Request, data: Any) -> HttpResponseBase:
    """Answer JSON with an ETag of its content."""
    body = orjson.dumps(data)
    etag = hashlib.sha256(body).hexdigest()[:32]
    return tagged(request, etag, lambda: HttpResponse(body, content_type="application/json"))
