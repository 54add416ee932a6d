"""Addresses of files that open without a log-in, for a while."""

import hmac
import time
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.utils.crypto import salted_hmac

_STEP = 3600


def file_url(job_id: UUID, name: str) -> str:
    """Return a signed address that works for at least the set time.

    Its end is rounded up to the hour, so that polling twice gives the same address and caches can serve it.
    """
    until = (int(time.time()) + settings.MCAI_FILE_URL_SECONDS) // _STEP * _STEP + _STEP
    return f"/api/job/{job_id}/files/{quote(name)}?until={until}&signature={_signature(job_id, name, until)}"


def is_signed(job_id: UUID, name: str, until: str, signature: str) -> bool:
    """Say whether the signature is ours and its time not over."""
    if not until.isascii() or not until.isdigit() or int(until) < time.time():
        return False
    return hmac.compare_digest(_signature(job_id, name, int(until)), signature)


def _signature(job_id: UUID, name: str, until: int) -> str:
    return salted_hmac("jobs.files", f"{job_id}/{name}/{until}", algorithm="sha256").hexdigest()
