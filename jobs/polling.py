"""The hot path: poll one job with an API key, in one round trip to the database.

Most requests of a system whose clients poll are this one, so it is answered ahead of the other middlewares, of the
URL resolver and of DRF. It refuses nothing that the ordinary view would grant: whatever it does not know how to
answer (a session, a long poll, a problem) it leaves to that view.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils import timezone

from jobs import ratelimit
from jobs.models.api_key import hash_key
from jobs.selectors import COLUMNS, JobView

_POLL = f"""
SELECT k.owner_id, k.requests_per_minute, k.expires_at, {", ".join(f"j.{name}" for name in COLUMNS)}
FROM api_keys k JOIN auth_user u ON u.id = k.owner_id
JOIN jobs j ON j.id = %s AND (j.owner_id = k.owner_id OR u.is_staff)
WHERE k.key_hash = %s AND k.revoked_at IS NULL AND u.is_active
"""  # noqa: S608 - no text of a client's


@dataclass(frozen=True, slots=True)
class Polled:
    """A job, and what is left of the rate of the one who asks."""

    job: JobView
    verdict: ratelimit.Verdict


def poll(job_id: UUID, key: str) -> Polled | None:
    """Return the job if the key opens it and its owner's rate allows; None leaves the answer to the ordinary view."""
    with connection.cursor() as cursor:
        cursor.execute(_POLL, [job_id, hash_key(key)])
        row = cursor.fetchone()
    if row is None or _expired(row[2]):
        return None
    job = JobView.of(row[3:])
    if job.status == "expired":
        return None
    verdict = ratelimit.count(row[0], row[1] or settings.MCAI_REQUESTS_PER_MINUTE)
    return Polled(job, verdict) if verdict.allowed else None


def _expired(moment: datetime | None) -> bool:
    return moment is not None and moment <= timezone.now()
