"""Reads of jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from django.db import connection

from jobs.choices import ACTIVE
from jobs.statements import Statement

COLUMNS = (
    "id", "kind", "queue", "status", "progress", "stage", "result::text", "error::text", "attempts", "created_at",
    "started_at", "finished_at", "owner_id", "cancel_requested", "expires_at", "sort_at",
)  # fmt: skip

_ONE = Statement(
    "poll",
    f"SELECT {', '.join(COLUMNS)} FROM jobs WHERE id = %(id)s AND (%(owner)s IS NULL OR owner_id = %(owner)s)",  # noqa: S608
)


@dataclass(frozen=True, slots=True)
class JobView:
    """One job, as read."""

    id: UUID
    kind: str
    queue: str
    status: str
    progress: int
    stage: str
    result: dict[str, Any] | None
    error: dict[str, Any] | None
    attempts: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    owner_id: int
    cancel_requested: bool
    expires_at: datetime | None
    sort_at: datetime

    @classmethod
    def of(cls, row: Sequence[Any]) -> "JobView":
        """Return the view of a row of `COLUMNS`."""
        return cls(*(*row[:6], _json(row[6]), _json(row[7]), *row[8:]))

    @property
    def is_active(self) -> bool:
        """Say whether the job will still change by itself."""
        return self.status in ACTIVE


def job_get(*, job_id: UUID | str, owner_id: int | None) -> JobView | None:
    """Return the job if it is the owner's (or anybody's, for an owner of None)."""
    row = _ONE.one({"id": job_id, "owner": owner_id})
    return None if row is None else JobView.of(row)


def job_list(
    *,
    owner_id: int | None,
    kind: str | None = None,
    status: str | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> Sequence[JobView]:
    """Return the owner's jobs (or everybody's, for None), newest first, those before the id `before`."""
    where, params = ["true"], list[Any]()
    for column, value in (
        ("owner_id = %s", owner_id),
        ("kind = %s", kind),
        ("status = %s", status),
        ("id < %s", before),
    ):
        if value is not None:
            where.append(column)
            params.append(value)
    return _views(f"{' AND '.join(where)} ORDER BY id DESC LIMIT %s", [*params, limit])


def event_list(*, job_id: UUID, after: int = 0, limit: int = 500) -> list[dict[str, Any]]:
    """Return the job's events with an id greater than `after`, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, type, data::text, at FROM job_events WHERE job_id = %s AND id > %s ORDER BY id LIMIT %s",
            [job_id, after, limit],
        )
        rows = cursor.fetchall()
    return [{"id": row[0], "type": row[1], "data": orjson.loads(row[2]), "at": row[3].isoformat()} for row in rows]


def _views(where: str, params: Sequence[Any]) -> list[JobView]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM jobs WHERE {where}", params)  # noqa: S608 - no text of a client's
        rows = cursor.fetchall()
    return [JobView.of(row) for row in rows]


def _json(text: str | None) -> Any:
    return None if text is None else orjson.loads(text)
