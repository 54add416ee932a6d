"""Reading domains and their examples."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import orjson
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.permissions import IsAuthenticated
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from jobs.api.parsing import body_of
from jobs.api.problems import Unavailable
from jobs.api.submitting import PROBLEMS
from jobs.errors import InvalidParams
from knowledge.api.base import TAGS, KnowledgeView, MayWrite, json_response, tagged, tagged_json
from knowledge.api.pages import DEFAULT_LIMIT, PageQuery
from knowledge.api.serializers import ExampleSerializer
from knowledge.api.writing import example_fields
from knowledge.cache.bodies import body_of as kept_body
from knowledge.cache.exports import reading
from knowledge.cache.reads import read_dataset, read_datasets, read_examples
from knowledge.domains import dataset_get, no_domain
from knowledge.errors import NotFoundError
from knowledge.examples import example_create
from knowledge.exporting.rows import as_json, rows_of
from knowledge.models import Dataset
from knowledge.selectors import Cursor, Page, example_describe, example_get, examples_page

STREAM_ROWS = 200
UNCHANGED = {304: OpenApiResponse(description="The client holds this version already.")}
OBJECT = {200: OpenApiTypes.OBJECT, **UNCHANGED, **PROBLEMS}
PAGE = [
    OpenApiParameter("limit", int, description="100 when absent, 1,000 at most"),
    OpenApiParameter("cursor", str, description="as `next` gave it"),
    OpenApiParameter("fields", str, description="which fields to answer, separated by commas"),
    OpenApiParameter("archived", bool, description="what rotation archived, instead"),
]


class NdjsonRenderer(BaseRenderer):
    """Names the format that a whole domain is streamed in."""

    media_type = "application/x-ndjson"
    format = "ndjson"
    charset = None

    def render(self, data: Any, accepted_media_type: Any = None, renderer_context: Any = None) -> bytes:
        """Render what is not streamed: a problem."""
        return JSONRenderer().render(data)


class DatasetsView(KnowledgeView):
    """``GET /api/datasets``."""

    @extend_schema(operation_id="datasets", tags=TAGS, responses=OBJECT)
    def get(self, request: Request) -> HttpResponseBase:
        """List every domain, by name."""
        read = read_datasets()
        if read.rows is None:
            raise Unavailable
        return tagged_json(request, {"results": read.rows, "next": None} | ({"stale": True} if read.stale else {}))


class DatasetView(KnowledgeView):
    """``GET /api/datasets/<domain>``."""

    @extend_schema(operation_id="dataset", tags=TAGS, responses=OBJECT)
    def get(self, request: Request, domain: str) -> HttpResponseBase:
        """Describe one domain."""
        read = read_dataset(domain)
        if read.rows is None:
            raise _no_domain(domain)
        return tagged_json(request, read.rows[0] | ({"stale": True} if read.stale else {}))


class ExamplesView(KnowledgeView):
    """``GET /api/datasets/<domain>/examples``."""

    permission_classes = (IsAuthenticated, MayWrite)
    renderer_classes = (JSONRenderer, NdjsonRenderer)
    write_permission = "knowledge.add_example"

    @extend_schema(operation_id="examples", tags=TAGS, parameters=PAGE, responses=OBJECT)
    def get(self, request: Request, domain: str) -> HttpResponseBase:
        """Answer a page, the newest first, or with ``Accept: application/x-ndjson`` the whole domain as a stream."""
        query = PageQuery.parse(request.query_params.dict())
        try:
            dataset = dataset_get(domain)
        except (OperationalError, InterfaceError):
            return _stale(domain, query)
        whole = getattr(request.accepted_renderer, "format", "") == NdjsonRenderer.format
        etag = f"{dataset.pk}-{dataset.version}-{'ndjson' if whole else query.fingerprint()}{query.archived:d}"
        return tagged(request, etag, lambda: _stream(dataset, query) if whole else _page(request, dataset, query, etag))

    @extend_schema(
        operation_id="create_example",
        tags=TAGS,
        request=ExampleSerializer,
        responses={201: OpenApiTypes.OBJECT, **PROBLEMS},
    )
    def post(self, request: Request, domain: str) -> HttpResponseBase:
        """Add one example."""
        fields = example_fields(body_of(request))
        content = fields.pop("content", "")
        if not content.strip():
            raise InvalidParams("content", "must be given: the text of the example, not blank")
        example = example_create(
            domain=dataset_get(domain).domain_name, content=content, actor=request.user.get_username(), **fields
        )
        return json_response(example_describe(example_get(example.pk)), status=201)


def _no_domain(domain: str) -> Exception:
    """Return why a domain cannot be told of: the database is away, or there is none of this name."""
    known = read_datasets()
    if known.rows is None or (known.stale and not known.rows):
        return Unavailable()
    return NotFoundError("domain", no_domain(domain, (row["domain_name"] for row in known.rows)))


def _page(request: Request, dataset: Dataset, query: PageQuery, etag: str) -> HttpResponseBase:
    if not query.is_first_plain_page:
        page = examples_page(
            dataset=dataset, limit=query.limit, after=query.cursor, fields=query.fields, archived=query.archived
        )
        return json_response(_page_body(request, page))
    # The address is part of the name, since it is part of the body: in the next page's.
    name = f"{etag} {request.get_full_path()}"
    body = kept_body(name, "examples", lambda: orjson.dumps(_page_body(request, _first_page(dataset))))
    return HttpResponse(body, content_type="application/json")


def _page_body(request: Request, page: Page) -> dict[str, Any]:
    return {"results": page.rows, "next": _next(request, page.next)}


def _first_page(dataset: Dataset) -> Page:
    return _cached(dataset) or examples_page(dataset=dataset, limit=DEFAULT_LIMIT)


def _cached(dataset: Dataset) -> Page | None:
    read = read_examples(dataset.domain_name)
    if read.rows is None or read.stale:
        return None
    more = dataset.example_count > len(read.rows) > 0
    return Page(read.rows, _cursor_of(read.rows[-1]) if more else None)


def _cursor_of(row: dict[str, Any]) -> Cursor:
    return Cursor(datetime.fromisoformat(row["created_at"]), row["id"])


def _next(request: Request, cursor: Cursor | None) -> str | None:
    if cursor is None:
        return None
    return f"{request.path}?{urlencode(request.query_params.dict() | {'cursor': cursor.encode()})}"


def _stale(domain: str, query: PageQuery) -> HttpResponseBase:
    """Answer without the database: from the cache, then from the exported files."""
    rows = read_examples(domain).rows if query.is_first_plain_page else None
    if rows is None and not query.archived:
        rows = reading.examples(domain, limit=query.limit, before_id=query.cursor.id if query.cursor else None)
    if rows is None:
        raise Unavailable
    kept = [{name: row.get(name) for name in query.fields} for row in rows]
    return json_response({"results": kept, "next": None, "stale": True})


def _stream(dataset: Dataset, query: PageQuery) -> HttpResponseBase:
    return StreamingHttpResponse(_lines(dataset, archived=query.archived), content_type=NdjsonRenderer.media_type)


def _lines(dataset: Dataset, *, archived: bool) -> Iterator[bytes]:
    lines: list[bytes] = []
    for row in rows_of(dataset, archived=archived):
        lines.append(as_json(row))
        if len(lines) == STREAM_ROWS:
            yield b"\n".join(lines) + b"\n"
            lines = []
    if lines:
        yield b"\n".join(lines) + b"\n"
