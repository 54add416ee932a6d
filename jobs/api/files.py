"""Files of jobs: by signed address or with a log-in, in ranges, with an ETag."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotAuthenticated, NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from jobs import artifacts, selectors
from jobs.api.problems import ProblemSerializer
from jobs.api.signing import is_signed
from jobs.api.submitting import PROBLEMS
from jobs.api.views import MISSING, own_job
from jobs.selectors import JobView

_RANGE = re.compile(r"bytes=(\d*)-(\d*)$", re.ASCII)
_CHUNK = 1 << 18


class AnyType(BaseContentNegotiation):
    """A file has the type it has, whatever the client would accept."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        """Return the first parser."""
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        """Return the first renderer, for problems."""
        return renderers[0], renderers[0].media_type


class JobFileView(APIView):
    """One file of a job."""

    content_negotiation_class = AnyType
    permission_classes = ()

    @extend_schema(
        operation_id="job_file", tags=["jobs"],
        parameters=[OpenApiParameter("until", int), OpenApiParameter("signature", str)],
        responses={
            (200, "*/*"): OpenApiTypes.BINARY, (206, "*/*"): OpenApiTypes.BINARY,
            304: OpenApiResponse(description="Not changed."), **PROBLEMS, **MISSING,
            416: OpenApiResponse(ProblemSerializer, "The range lies outside the file."),
        },
    )  # fmt: skip
    def get(self, request: Request, job_id: UUID, name: str) -> HttpResponseBase:
        """Fetch a file."""
        row = _readable(request, job_id, name)
        file = next((f for f in (row.result or {}).get("files", ()) if f["name"] == name), None)
        path = artifacts.folder_of(job_id) / name
        if file is None or not path.is_file():
            raise NotFound("The job has no such file, or it has expired.")
        return _serve(request, path, file)


def _readable(request: Request, job_id: UUID, name: str) -> JobView:
    query = request.query_params
    if is_signed(job_id, name, query.get("until", ""), query.get("signature", "")):
        row = selectors.job_get(job_id=job_id, owner_id=None)
        if row is None:
            raise NotFound("There is no such file.")
        return row
    if not request.user or not request.user.is_authenticated:
        raise NotAuthenticated("The address is not signed, or its time is over; send your API key.")
    return own_job(request, job_id)


def _serve(request: Request, path: Path, file: dict[str, Any]) -> HttpResponseBase:
    etag, size = f'"{file["sha256"]}"', file["size"]
    if etag in request.headers.get("If-None-Match", ""):
        return _headed(HttpResponse(status=304), etag)
    span = _span(request.headers.get("Range", ""), size) if _range_holds(request, etag) else None
    if span is None:
        answer = FileResponse(path.open("rb"), content_type=file["media_type"], filename=file["name"])
        return _headed(answer, etag)
    first, last = span
    if first >= size or first > last:
        return _headed(HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"}), etag)
    part = StreamingHttpResponse(_read(path, first, last), status=206, content_type=file["media_type"])
    part["Content-Range"] = f"bytes {first}-{last}/{size}"
    part["Content-Length"] = str(last - first + 1)
    return _headed(part, etag)


def _range_holds(request: Request, etag: str) -> bool:
    return request.headers.get("If-Range", etag) == etag


def _span(header: str, size: int) -> tuple[int, int] | None:
    """Return the first and last byte of a single range (RFC 9110, 14.1.2); None where the whole file is meant."""
    match = _RANGE.match(header.strip())
    if match is None or not any(match.groups()):
        return None
    first, last = match.groups()
    if not first:
        return max(0, size - int(last)), size - 1 if int(last) else -1
    return int(first), min(size - 1, int(last)) if last else size - 1


def _read(path: Path, first: int, last: int) -> Iterator[bytes]:
    left = last - first + 1
    with path.open("rb") as stream:
        stream.seek(first)
        while left > 0 and (chunk := stream.read(min(_CHUNK, left))):
            left -= len(chunk)
            yield chunk


def _headed(answer: HttpResponseBase, etag: str) -> HttpResponseBase:
    answer["ETag"] = etag
    answer["Accept-Ranges"] = "bytes"
    answer["Cache-Control"] = "private, max-age=3600"
    answer["X-Content-Type-Options"] = "nosniff"
    # An SVG opened by itself must not run anything here.
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer
