"""Telling clients that a job has ended: signed by the Standard Webhooks convention, tried again until accepted.

Only public addresses are called: the host is resolved first, every address of it is checked, and the connection goes
to the very address that was checked, so that a name cannot change its mind in between. Redirects are not followed.
"""

import base64
import hashlib
import hmac
import json
import logging
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

import httpx
from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.crypto import salted_hmac

from jobs import tracing
from jobs.callbacks import resolve_public
from jobs.errors import PermanentError

log = logging.getLogger(__name__)

_DELAYS = (5, 30, 120, 600, 3600, 4 * 3600, 12 * 3600)
_TIMEOUT = httpx.Timeout(5.0)

_DUE = """
UPDATE webhook_deliveries SET due_at = clock_timestamp() + interval '1 minute', tries = tries + 1
WHERE id IN (SELECT id FROM webhook_deliveries WHERE due_at <= clock_timestamp()
             ORDER BY due_at LIMIT 20 FOR UPDATE SKIP LOCKED)
RETURNING id, job_id, event, url, tries
"""


_TOLD = "SELECT owner_id, kind, status, error::text, finished_at, traceparent FROM jobs WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery to try now; it is held for a minute, and comes again should this process die over it."""

    id: int
    job_id: UUID
    event: str
    url: str
    tries: int


def secret_of(owner_id: int) -> str:
    """Return the owner's signing secret. It follows from the service's secret key, so nothing need be stored."""
    digest = salted_hmac("jobs.webhooks", str(owner_id), algorithm="sha256").digest()
    return "whsec_" + base64.b64encode(digest).decode()


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """Return the ``webhook-signature`` header (Standard Webhooks: HMAC-SHA256 over id, time and body)."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def deliver_due() -> int:
    """Try every delivery that is due; return how many were accepted."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE)
        due = [Due(*row) for row in cursor.fetchall()]
    return sum(_deliver(delivery) for delivery in due)


def _deliver(due: Due) -> bool:
    try:
        _send(due)
    except (httpx.HTTPError, OSError, PermanentError) as error:
        _put_off(due, error)
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE webhook_deliveries SET due_at = NULL, delivered_at = clock_timestamp() WHERE id = %s", [due.id]
        )
    return True


def _send(due: Due) -> None:
    """Post the message. Raises `httpx.HTTPError` unless the receiver answers 2xx."""
    owner_id, body, trace = _message(due)
    timestamp, message_id = int(time.time()), f"msg_{due.id}"
    headers = {
        "content-type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": sign(secret_of(owner_id), message_id, timestamp, body),
        "traceparent": trace.header,
    }
    parts = urlsplit(due.url)
    host = parts.hostname or ""
    address = resolve_public(host, parts.port or (443 if parts.scheme == "https" else 80))
    literal = f"[{address}]" if ":" in address else address
    pinned = urlunsplit(parts._replace(netloc=f"{literal}:{parts.port}" if parts.port else literal))
    with httpx.Client(timeout=_TIMEOUT, follow_redirects=False, trust_env=False) as client:
        request = client.build_request("POST", pinned, content=body, headers={**headers, "host": parts.netloc})
        request.extensions["sni_hostname"] = host
        response = client.send(request, stream=True)
        response.close()
        if not response.is_success:
            raise httpx.HTTPStatusError(f"answered {response.status_code}", request=request, response=response)


def _message(due: Due) -> tuple[int, bytes, tracing.Trace]:
    with connection.cursor() as cursor:
        cursor.execute(_TOLD, [due.job_id])
        owner_id, kind, status, error, finished_at, traceparent = cursor.fetchone()
    data: dict[str, Any] = {"job_id": str(due.job_id), "kind": kind, "status": status, "poll_url": _poll_url(due)}
    data |= {"error": error and json.loads(error), "finished_at": finished_at and finished_at.isoformat()}
    message = {"type": f"job.{due.event}", "timestamp": timezone.now().isoformat(), "data": data}
    return owner_id, json.dumps(message).encode(), tracing.go_on(traceparent)


def _poll_url(due: Due) -> str:
    return f"{settings.MCAI_PUBLIC_URL}/api/job/{due.job_id}"


def _put_off(due: Due, error: Exception) -> None:
    """Try again later, or give up after the last delay."""
    again = None
    if due.tries <= len(_DELAYS):
        again = timezone.now() + timedelta(seconds=_DELAYS[due.tries - 1])
    log.info("webhook.refused", extra={"job_id": str(due.job_id), "tries": due.tries, "error": str(error)})
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE webhook_deliveries SET due_at = %s, last_error = %s WHERE id = %s",
            [again, str(error)[:300] or type(error).__name__, due.id],
        )
