"""Many jobs in one request: all accepted, or none."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from jobs import admission
from jobs.api.parsing import BodyParser, body_of
from jobs.api.serializers import BatchAcceptedSerializer, BatchSerializer
from jobs.api.submitting import IDEMPOTENCY_KEY, SUBMIT_PROBLEMS, accept, accepted_body
from jobs.errors import InvalidParams
from jobs.submit import Accepted

_MOST = 100


class BatchView(APIView):
    """Submit up to a hundred jobs."""

    parser_classes = (BodyParser,)

    @extend_schema(
        operation_id="submit_batch", tags=["jobs"], request=BatchSerializer, parameters=[IDEMPOTENCY_KEY],
        responses={202: BatchAcceptedSerializer, **SUBMIT_PROBLEMS},
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Accept all jobs of the batch, or none."""
        items = _items(body_of(request))
        key = request.headers.get("Idempotency-Key")
        done: list[Accepted] = []
        with transaction.atomic(), admission.one_look():
            for index, item in enumerate(items):
                done.append(_accept(request, index, item, done, key and f"{key[:240]}#{index}"))
        return Response({"jobs": [accepted_body(accepted) for accepted in done]}, status=202)


def _accept(request: Request, index: int, item: dict[str, Any], done: list[Accepted], key: str | None) -> Accepted:
    try:
        body = dict(item["body"])
        if isinstance(body.get("after"), list):
            body["after"] = [_earlier(entry, done) for entry in body["after"]]
        return accept(request, item["kind"], body, key=key)
    except InvalidParams as error:
        raise type(error)(f"jobs[{index}].{error.field}", error.message) from error


def _earlier(entry: Any, done: list[Accepted]) -> Any:
    """Return the id of an earlier job of this batch for its number; anything else as it is."""
    if isinstance(entry, int) and not isinstance(entry, bool) and 0 <= entry < len(done):
        return str(done[entry].job_id)
    return entry


def _items(body: dict[str, Any]) -> list[dict[str, Any]]:
    jobs = body.get("jobs")
    if not isinstance(jobs, list) or not 1 <= len(jobs) <= _MOST:
        raise InvalidParams("jobs", f"must be a list of 1 to {_MOST} jobs")
    for index, item in enumerate(jobs):
        if (
            not isinstance(item, dict)
            or not isinstance(item.get("kind"), str)
            or not isinstance(item.get("body"), dict)
        ):
            raise InvalidParams(f"jobs[{index}]", "must be an object with a `kind` (text) and a `body` (object)")
    return jobs
