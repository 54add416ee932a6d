"""A job as clients see it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from jobs.api.signing import file_url
from jobs.choices import Status
from jobs.places import job_place
from jobs.selectors import JobView

POLL_SECONDS = 1


def poll_body(job: JobView) -> tuple[bytes, list[tuple[str, str]]]:
    """Return the answer to a poll of a job that has not expired: its body, and the headers that belong to it."""
    headers = [("Retry-After", str(POLL_SECONDS))] if job.is_active else []
    return orjson.dumps(place_told(job, job_body(job))), headers


def place_told(job: JobView, body: dict[str, Any]) -> dict[str, Any]:
    """Return the body, for a waiting job with its place in the queue and the seconds it is likely to wait."""
    if job.status != Status.QUEUED:
        return body
    place = job_place(job)
    return body | {"queue_position": place.position, "estimated_wait_seconds": place.estimate}


def job_body(job: JobView) -> dict[str, Any]:
    """Return the body that ``GET /api/job/<id>`` answers with; a waiting job also tells its place in the queue."""
    body: dict[str, Any] = {
        "job_id": str(job.id),
        "kind": job.kind,
        "queue": job.queue,
        "status": job.status,
        "progress": job.progress,
        "stage": job.stage,
        "result": _result(job.id, job.result),
        "error": job.error,
        "attempts": job.attempts,
        "created_at": _stamp(job.created_at),
        "started_at": _stamp(job.started_at),
        "finished_at": _stamp(job.finished_at),
    }
    if job.status == Status.PROCESSING and job.cancel_requested:
        body["cancel_requested"] = True
    return body


def _result(job_id: UUID, result: dict[str, Any] | None) -> dict[str, Any] | None:
    if result is None:
        return None
    files = [{**file, "url": file_url(job_id, file["name"])} for file in result.get("files", ())]
    return {**result, "files": files}


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")
