"""Polling, cancelling, trying again, listing."""

import time
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from jobs import cancel, registry, selectors
from jobs.api import waiting
from jobs.api.authentication import caller_id
from jobs.api.problems import MEDIA_TYPE, ProblemSerializer, problem
from jobs.api.representation import POLL_SECONDS, job_body, place_told
from jobs.api.serializers import JobPageSerializer, JobSerializer
from jobs.api.submitting import PROBLEMS
from jobs.choices import Status
from jobs.errors import InvalidParams
from jobs.selectors import JobView as Row

MISSING = {404: OpenApiResponse(ProblemSerializer, "No job of yours has this id.")}
_GONE = {410: OpenApiResponse(ProblemSerializer, "The job's result was kept long enough; `job` is its summary.")}
_CONFLICT = {409: OpenApiResponse(ProblemSerializer, "The job's state does not allow it.")}
_WAIT = OpenApiParameter("wait", float, description="Seconds to wait for the job to end, 30 at most.")
_LONGEST_WAIT = 30.0
_PAGE, _LONGEST_PAGE = 50, 200


class JobDetailView(APIView):
    """One job."""

    @extend_schema(
        operation_id="job", parameters=[_WAIT], tags=["jobs"],
        responses={200: JobSerializer, **PROBLEMS, **MISSING, **_GONE},
    )  # fmt: skip
    def get(self, request: Request, job_id: UUID) -> Response:
        """Poll a job; with ``wait``, answer as soon as it has ended."""
        row = own_job(request, job_id)
        seconds = _wait_seconds(request)
        if seconds and row.is_active:
            row = _wait_for(request, row, seconds)
        return job_response(row)

    @extend_schema(
        operation_id="cancel_job", tags=["jobs"], request=None,
        responses={200: JobSerializer, 202: JobSerializer, **PROBLEMS, **MISSING, **_CONFLICT, **_GONE},
    )  # fmt: skip
    def delete(self, request: Request, job_id: UUID) -> Response:
        """Cancel a job: at once where it waits (200), within a heartbeat where it runs (202)."""
        own_job(request, job_id)
        status = cancel.cancel(job_id)
        answer = job_response(own_job(request, job_id))
        if answer.status_code == 200 and status == Status.PROCESSING:
            answer.status_code = 202
        return answer


class JobRetryView(APIView):
    """A failed job, once more."""

    @extend_schema(
        operation_id="retry_job", tags=["jobs"], request=None,
        responses={202: JobSerializer, **PROBLEMS, **MISSING, **_CONFLICT},
    )  # fmt: skip
    def post(self, request: Request, job_id: UUID) -> Response:
        """Put a failed or cancelled job back in the queue."""
        row = own_job(request, job_id)
        cancel.retry(job_id, registry.get(row.kind).max_attempts)
        answer = job_response(own_job(request, job_id))
        answer.status_code = 202
        return answer


class JobListView(APIView):
    """One's own jobs."""

    @extend_schema(
        operation_id="jobs", tags=["jobs"],
        parameters=[
            OpenApiParameter("kind", str), OpenApiParameter("status", str, enum=[str(s) for s in Status]),
            OpenApiParameter("limit", int), OpenApiParameter("cursor", str),
        ],
        responses={200: JobPageSerializer, **PROBLEMS},
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        """List one's own jobs, newest first."""
        query = request.query_params
        limit = _limit(query.get("limit"))
        rows = selectors.job_list(
            owner_id=caller_id(request), kind=_kind(query.get("kind")), status=_status(query.get("status")),
            before=_cursor(query.get("cursor")), limit=limit + 1,
        )  # fmt: skip
        more = len(rows) > limit
        page = [job_body(row) for row in rows[:limit]]
        return Response({"results": page, "next": _next(request, page[-1]["job_id"]) if more else None})


def own_job(request: Request, job_id: UUID) -> Row:
    """Return the caller's job; another's is as unknown as none (staff may see all). Raises ``NotFound``."""
    row = selectors.job_get(job_id=job_id, owner_id=None if request.user.is_staff else caller_id(request))
    if row is None:
        raise NotFound("No job of yours has this id.")
    return row


def job_response(row: Row) -> Response:
    """Answer with a job: 200, or 410 with its summary where its result has expired."""
    body = job_body(row)
    if row.status == Status.EXPIRED:
        gone = problem(410, "The result of this job was kept long enough and is gone.", job=body)
        return Response(gone, status=410, content_type=MEDIA_TYPE)
    answer = Response(place_told(row, body))
    if row.is_active:
        answer["Retry-After"] = str(POLL_SECONDS)
    return answer


def _wait_for(request: Request, row: Row, seconds: float) -> Row:
    """Wait for the job's end, if there is a seat for one more to wait; else answer now."""
    deadline = time.monotonic() + seconds
    with waiting.seat() as seated:
        while seated and row.is_active and (left := deadline - time.monotonic()) > 0:
            time.sleep(min(left, waiting.next_pause(seconds - left)))
            row = own_job(request, row.id)
    return row


def _wait_seconds(request: Request) -> float:
    """Return the seconds that the client would wait, by ``?wait=`` or ``Prefer: wait=`` (RFC 7240)."""
    text = request.query_params.get("wait") or _preferred_wait(request.headers.get("Prefer", ""))
    if not text:
        return 0.0
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds < float("inf"):
        raise InvalidParams("wait", f"must be a number of seconds from 0 to {_LONGEST_WAIT:.0f}")
    return min(seconds, _LONGEST_WAIT)


def _preferred_wait(header: str) -> str:
    wishes = dict(part.strip().partition("=")[::2] for part in header.split(","))
    return wishes.get("wait", "").strip('" ')


def _limit(text: str | None) -> int:
    if text is None:
        return _PAGE
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _LONGEST_PAGE:
        raise InvalidParams("limit", f"must be a whole number from 1 to {_LONGEST_PAGE}")
    return int(text)


def _kind(name: str | None) -> str | None:
    return None if name is None else registry.get(name).name


def _status(word: str | None) -> str | None:
    if word is not None and word not in set(Status):
        raise InvalidParams("status", f"must be one of {', '.join(Status)}")
    return word


def _cursor(text: str | None) -> UUID | None:
    try:
        return None if text is None else UUID(text)
    except ValueError:
        raise InvalidParams("cursor", "is not one that this service gave") from None


def _next(request: Request, last: Any) -> str:
    query = request.query_params.dict() | {"cursor": last}
    return f"{request.path}?{urlencode(query)}"
