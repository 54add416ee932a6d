"""A job as clients see it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from jobs.api.signing import file_url
from jobs.choices import Status
from jobs.selectors import JobView

FIELDS = (
    "job_id", "kind", "queue", "status", "progress", "stage", "result", "error",
    "attempts", "created_at", "started_at", "finished_at",
)  # fmt: skip


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
