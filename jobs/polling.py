"""Polling one job with an API key, by as little work as it takes."""

from dataclasses import dataclass

from jobs import keycache, ratelimit
from jobs.choices import Status
from jobs.models.api_key import hash_key
from jobs.selectors import JobView, job_get


@dataclass(frozen=True, slots=True)
class Polled:
    """A job, and what is left of the rate of the one who asks."""

    job: JobView
    verdict: ratelimit.Verdict


def poll(job_id: str, key: str) -> Polled | None:
    """Return the job if the key opens it and its owner's rate allows; None leaves the answer to the ordinary view."""
    key_hash = hash_key(key)
    row = keycache.get(key_hash)
    if row is None or not row.is_usable() or not row.owner.is_active:
        return None
    verdict = ratelimit.count_loosely(row.owner_id, ratelimit.limit_of(row))
    if not verdict.allowed or keycache.get(key_hash) is None:
        return None
    job = job_get(job_id=job_id, owner_id=None if row.owner.is_staff else row.owner_id)
    return None if job is None or job.status == Status.EXPIRED else Polled(job, verdict)
