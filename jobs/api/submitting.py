"""The view that every kind of job is submitted through."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView
from uuid_utils.compat import uuid7

from jobs import artifacts, registry
from jobs.admission import QueueFull
from jobs.api.authentication import caller_id, tier_of
from jobs.api.parsing import BodyParser, FormParser, body_of
from jobs.api.problems import ProblemSerializer
from jobs.api.representation import POLL_SECONDS
from jobs.api.serializers import AcceptedSerializer
from jobs.callbacks import check_callback
from jobs.errors import InvalidParams
from jobs.submit import Accepted, Submission, fingerprint, submit

Method = TypeVar("Method", bound=Callable[..., Any])

_CONTROL = ("callback_url", "after", "deadline")
_LONGEST_KEY = 255

PROBLEMS = {
    400: OpenApiResponse(ProblemSerializer, "The request is not what it should be; `errors` names the fields."),
    401: OpenApiResponse(ProblemSerializer, "No key, or one that is unknown, expired or revoked."),
    403: OpenApiResponse(ProblemSerializer, "A session without its CSRF token, or without the permission."),
    406: OpenApiResponse(ProblemSerializer, "No such representation."),
    429: OpenApiResponse(ProblemSerializer, "Too many requests; `Retry-After` says when."),
    503: OpenApiResponse(ProblemSerializer, "The database is away; nothing was accepted."),
}
SUBMIT_PROBLEMS = PROBLEMS | {
    413: OpenApiResponse(ProblemSerializer, "The body or the file is too large."),
    415: OpenApiResponse(ProblemSerializer, "Not a media type that this address takes."),
    422: OpenApiResponse(ProblemSerializer, "The idempotency key was used with another request."),
    503: OpenApiResponse(
        ProblemSerializer,
        "The queue is too long (`/problems/queue-full`; `Retry-After` says when to come again), or the database is"
        " away. Nothing was accepted.",
    ),
}
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="The same key and body give the same job."
)


class SubmitView(APIView):
    """Accept a job of one kind. Subclass it, or give ``kind`` to ``as_view``."""

    kind: str = ""
    accepts_file: bool = False
    parser_classes = (BodyParser, FormParser)

    def post(self, request: Request) -> Response:
        """Accept the job."""
        upload = request.FILES.get("file") if self.accepts_file else None
        accepted = accept(request, self.kind, body_of(request), upload)
        return accepted_response(accepted)


def submit_schema(kind: str, body: type[Serializer[Any]], summary: str) -> Callable[[Method], Method]:
    """Return the decorator that documents a submit view."""
    decorate: Callable[[Method], Method] = extend_schema(
        operation_id=f"submit_{kind}",
        summary=summary,
        request=body,
        parameters=[IDEMPOTENCY_KEY],
        responses={202: AcceptedSerializer, **SUBMIT_PROBLEMS},
        tags=["jobs"],
    )
    return decorate


def accept(
    request: Request,
    kind_name: str,
    body: Mapping[str, Any],
    upload: "UploadedFile[Any] | None" = None,
    key: str | None = None,
) -> Accepted:
    """Validate a body and submit its job for the one who asks. Raises `InvalidParams` and `IdempotencyConflict`."""
    kind = registry.get(kind_name)
    own = {name: value for name, value in body.items() if name not in _CONTROL}
    if "file" in own:
        raise InvalidParams("file", "must be sent as a file, in a multipart form")
    job_id = uuid7()
    file = _keep(job_id, upload)
    try:
        params = kind.validate(own | file)
        accepted = submit(
            Submission(
                kind=kind.name,
                params=params,
                owner_id=caller_id(request),
                tier=tier_of(request),
                idempotency_key=key or _idempotency_key(request),
                request_hash=fingerprint(kind.name, {**body, **_identity(file)}),
                callback_url=_callback(body.get("callback_url")),
                deadline=_deadline(body.get("deadline")),
                after=_after(body.get("after")),
                guarded=True,
                job_id=job_id,
            )
        )
    except (InvalidParams, QueueFull):
        artifacts.remove(job_id)
        raise  # after any other fault the job may have been accepted all the same: housekeeping sweeps what was not
    if accepted.replayed:
        artifacts.remove(job_id)
    return accepted


def accepted_response(accepted: Accepted) -> Response:
    """Answer 202 with the job's id and where to poll; a replayed request gets the same answer again."""
    url = f"/api/job/{accepted.job_id}"
    headers = {"Location": url, "Retry-After": str(POLL_SECONDS)}
    if accepted.replayed:
        headers["Idempotent-Replayed"] = "true"
    return Response(accepted_body(accepted), status=202, headers=headers)


def accepted_body(accepted: Accepted) -> dict[str, str]:
    """Return the body of an accepted submission."""
    return {"job_id": str(accepted.job_id), "status": "queued", "poll_url": f"/api/job/{accepted.job_id}"}


def _keep(job_id: UUID, upload: "UploadedFile[Any] | None") -> dict[str, Any]:
    if upload is None:
        return {}
    if (upload.size or 0) > settings.MCAI_MAX_UPLOAD_BYTES:
        raise InvalidParams("file", f"is larger than the {settings.MCAI_MAX_UPLOAD_BYTES:,} bytes that are taken")
    kept = artifacts.store_input(job_id, upload.name or "upload", upload.chunks(), upload.content_type or "")
    return {"file": kept}


def _identity(file: Mapping[str, Any]) -> dict[str, Any]:
    return {"file": file["file"]["sha256"]} if file else {}


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and (not 0 < len(key) <= _LONGEST_KEY or not key.isprintable() or not key.isascii()):
        raise InvalidParams("Idempotency-Key", f"must be 1 to {_LONGEST_KEY} printable ASCII characters")
    return key


def _callback(url: Any) -> str:
    return check_callback(url) if url not in (None, "") else ""


def _deadline(value: Any) -> datetime | None:
    """Read a deadline: seconds from now, or an ISO 8601 time with its zone."""
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value <= 30 * 86_400:
        return timezone.now() + timedelta(seconds=value)
    moment = _parsed(value) if isinstance(value, str) else None
    if moment is None or moment.tzinfo is None or moment <= timezone.now():
        raise InvalidParams(
            "deadline", "must be seconds from now, at most 30 days, or a future ISO 8601 time with zone"
        )
    return moment


def _parsed(text: str) -> datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def _after(value: Any) -> list[UUID]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > 100:
        raise InvalidParams("after", "must be a list of at most 100 job ids")
    return list(dict.fromkeys(_job_id(item, index) for index, item in enumerate(value)))


def _job_id(item: Any, index: int) -> UUID:
    try:
        return UUID(item)
    except (ValueError, AttributeError, TypeError):
        raise InvalidParams(f"after[{index}]", "must be a job id") from None
