"""The one place that turns errors into problem JSON (RFC 9457)."""

import logging
import sys
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DataError, IntegrityError, InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler

from jobs.admission import QueueFull
from jobs.cancel import NotPossible
from jobs.context import request_id_var
from jobs.errors import InvalidParams, TransientError, is_permanent
from jobs.submit import IdempotencyConflict

log = logging.getLogger(__name__)

FieldErrors = list[dict[str, str]]

MEDIA_TYPE = "application/problem+json"


class FieldProblemSerializer(serializers.Serializer[Any]):
    """One field that is wrong."""

    field = serializers.CharField(help_text="dotted path of the field as it was sent")
    message = serializers.CharField(help_text="what was wrong and what would be right")


class ProblemSerializer(serializers.Serializer[Any]):
    """A problem, as RFC 9457 has it."""

    type = serializers.CharField(help_text="a URI reference that names the kind of problem")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = FieldProblemSerializer(many=True, required=False)  # type: ignore[assignment]  # the name RFC 9457 uses
    request_id = serializers.CharField(required=False)
    queue = serializers.CharField(required=False, help_text="the queue that is too long")
    estimated_wait_seconds = serializers.FloatField(required=False, help_text="what all that waits there will take")
    longest_wait_seconds = serializers.FloatField(required=False, help_text="how long a job may wait there")


class Unavailable(exceptions.APIException):
    """A service that the request needs is away."""

    status_code = 503
    default_detail = "A service that this request needs is away; try again in a few seconds."
    default_code = "unavailable"
    wait = 2


def problem(
    status: int, detail: str, *, errors: list[dict[str, str]] | None = None, code: str | None = None, **extra: Any
) -> dict[str, Any]:
    """Return a problem document."""
    title = HTTPStatus(status).phrase
    body: dict[str, Any] = {"type": f"/problems/{code or title.lower().replace(' ', '-')}", "title": title}
    body |= {"status": status, "detail": detail, **extra}
    if errors:
        body["errors"] = errors
    if request_id := request_id_var.get():
        body["request_id"] = request_id
    return body


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """Answer any exception of an API view; what is not the client's doing is logged, and told in one line."""
    answer = (
        _known(error) or _not_let_in(error) or _conflict(error) or _away(error) or _of_framework(error, context)
        or _crash(error)
    )  # fmt: skip
    answer.content_type = MEDIA_TYPE
    return answer


def _known(error: Exception) -> Response | None:
    if isinstance(error, IdempotencyConflict):
        return _response(422, str(error), [{"field": error.field, "message": error.message}])
    if isinstance(error, InvalidParams):
        return _response(400, str(error), [{"field": error.field, "message": error.message}], "invalid-parameters")
    if isinstance(error, NotPossible):
        return _response(409, str(error))
    if isinstance(error, RequestDataTooBig):
        return _response(413, "The body is larger than this service takes.")
    if isinstance(error, MultiPartParserError):
        return _response(400, f"The multipart body cannot be read: {error}")
    return None


def _not_let_in(error: Exception) -> Response | None:
    if not isinstance(error, QueueFull):
        return None
    figures: dict[str, Any] = {"estimated_wait_seconds": round(error.wait, 1), "longest_wait_seconds": error.bound}
    body = problem(503, str(error), code=error.code, queue=error.queue, **figures)
    answer = Response(body, status=503, headers={"Retry-After": str(error.retry_after)})
    answer._has_been_logged = True  # type: ignore[attr-defined]  # Django's: else a line of level ERROR for each
    return answer


def _conflict(error: Exception) -> Response | None:
    if not isinstance(error, IntegrityError | DataError):
        return None
    log.warning("request.refused_by_database", exc_info=error)
    return _response(409, "What was sent conflicts with what is stored.")


def _away(error: Exception) -> Response | None:
    full = isinstance(error, OSError) and not is_permanent(error)  # such as a disk without room for an upload
    if not (full or isinstance(error, OperationalError | InterfaceError | TransientError)):
        return None
    log.warning("request.service_away", extra={"error": str(error)})
    answer = _response(503, Unavailable.default_detail)
    answer["Retry-After"] = str(Unavailable.wait)
    return answer


def _of_framework(error: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(error, DjangoValidationError):
        error = exceptions.ValidationError(detail=error.messages)
    answer = drf_exception_handler(error, context)
    if answer is None:
        return None
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    errors = _field_errors(getattr(error, "detail", None))
    detail = "; ".join(f"{e['field']}: {e['message']}" for e in errors) or str(getattr(error, "detail", error))
    answer.data = problem(answer.status_code, detail, errors=errors)
    if isinstance(error, Unavailable):
        answer["Retry-After"] = str(error.wait)
    return answer


def _field_errors(detail: Any, path: str = "") -> list[dict[str, str]]:
    """Flatten the nested detail of a serializer's error to fields and messages."""
    if isinstance(detail, dict):
        return [e for key, value in detail.items() for e in _field_errors(value, f"{path}.{key}" if path else str(key))]
    if isinstance(detail, list):
        found = []
        for index, value in enumerate(detail):
            nested = isinstance(value, dict | list)
            found += _field_errors(value, f"{path}[{index}]" if nested else path)
        return found
    return [{"field": path, "message": str(detail)}] if path and detail is not None else []


def _crash(error: Exception) -> Response:
    log.error("request.crashed", exc_info=error)
    return _response(500, "Something went wrong on our side; it was logged.")


def _response(
    status: int, detail: str, errors: list[dict[str, str]] | None = None, code: str | None = None
) -> Response:
    return Response(problem(status, detail, errors=errors, code=code), status=status)


def http_problem(status: int, detail: str, **extra: Any) -> JsonResponse:
    """Return a problem as a plain Django response, for what is outside the API views."""
    return JsonResponse(problem(status, detail, **extra), status=status, content_type=MEDIA_TYPE)


def _answer(request: HttpRequest, status: int, detail: str) -> HttpResponse:
    """Return a problem as what was asked for: to a person with a browser it is a page, to all else the document."""
    if request.path.startswith("/api/") or "text/html" not in request.headers.get("Accept", ""):
        return http_problem(status, detail)
    return HttpResponse(render_to_string("jobs/problem.html", problem(status, detail)), status=status)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer an address that does not exist (Django's ``handler404``)."""
    return _answer(request, 404, f"There is nothing at {request.path}.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer whoever may not see or do that, outside the API views (Django's ``handler403``)."""
    return _answer(request, 403, "Your account may not see this page, or may not do this. A superuser can change that.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that does not come from a page of ours, or from an old one (``CSRF_FAILURE_VIEW``)."""
    return _answer(request, 403, "This form has expired. Go back, load its page again, and send it once more.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a crash outside the API views, or that the database is away (Django's ``handler500``)."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        answer = _answer(request, 503, Unavailable.default_detail)
        answer["Retry-After"] = str(Unavailable.wait)
        return answer
    return _answer(request, 500, "Something went wrong on our side; it was logged.")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer a request that Django itself refuses (``handler400``)."""
    return _answer(request, 400, "The request cannot be read.")
