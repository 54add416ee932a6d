"""The one runner: claim, work, finish. It serves the Celery worker, the web process's fallback and the tests."""

import logging
import random
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar
from uuid import UUID

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction

from jobs import artifacts, dependents, dispatch, errors, registry, signals, tracing
from jobs import lease as leases
from jobs.caps import cap_of
from jobs.choices import Outcome, Status
from jobs.context import working_for
from jobs.heart import Pulse, heart
from jobs.lease import Lease
from jobs.outcome import Outcome as Made

log = logging.getLogger(__name__)

T = TypeVar("T")


def run(job_id: UUID, worker: str, interrupt: Callable[[], None] | None = None) -> Status | None:
    """Claim the job and work it off; return the state it was left in, or None where there was nothing to claim.

    ``interrupt`` raises in the calling thread; it is for handlers that do not listen when they shall stop.
    """
    lease = patiently(lambda: leases.claim(job_id, worker))
    if lease is None:
        log.debug("job.not_claimed", extra={"job_id": str(job_id)})
        dispatch.set_aside(job_id)
        return None
    signals.claimed.send_robust(None, kind=lease.kind, waited=lease.waited)
    if lease.others_wait:
        dispatch.fill(lease.queue)
    status = work(lease, interrupt)
    if cap_of(lease.kind):  # its slot is free: the next of its kind need not wait for the reconciler
        dispatch.fill(lease.queue)
    return status


def work(lease: Lease, interrupt: Callable[[], None] | None = None) -> Status | None:
    """Do the job that `lease` holds; return its state, or None when the lease was lost on the way."""
    with working_for(str(lease.job_id), lease.request_id), _span(lease):
        pulse, began = heart().hold(lease, interrupt), time.perf_counter()
        try:
            status = _attempt(lease, pulse)
            signals.attempted.send_robust(None, kind=lease.kind, status=status, seconds=time.perf_counter() - began)
            return status
        finally:
            heart().drop(pulse)
            artifacts.discard(lease.token)


def _span(lease: Lease) -> AbstractContextManager[tracing.Trace]:
    """Go on with the trace of the request that submitted the job."""
    about: tracing.Attributes = {
        "job.id": str(lease.job_id),
        "job.attempt": lease.attempt,
        "messaging.destination.name": lease.queue,
    }
    return tracing.span(f"job {lease.kind}", tracing.Kind.CONSUMER, about, tracing.go_on(lease.traceparent))


def _attempt(lease: Lease, pulse: Pulse) -> Status | None:
    try:
        kind = registry.get(lease.kind)
        made = kind.handler(artifacts.resolve_input(lease.job_id, lease.params), pulse.progress)
        files = artifacts.stage(lease.token, made.files) if made.files else []
        return patiently(lambda: _finish(lease, made, files))
    except SoftTimeLimitExceeded:
        return _stopped(lease, pulse.stop or errors.TimeLimitReached())
    except errors.Interrupted as stop:
        return _stopped(lease, stop)
    except Exception as error:  # noqa: BLE001 - the runner is where a crash of any handler becomes a failed job
        return _failed(lease, error)


def _finish(lease: Lease, made: Made, files: list[dict[str, Any]]) -> Status:
    result = {**made.data, "files": files}
    if not files and made.commit is None:
        others = leases.end(lease, Status.COMPLETED, result=result)
    else:
        others = _finish_with_effect(lease, made, result)
    if others is None and leases.ended_with(lease) != Status.COMPLETED:
        raise errors.LeaseLost("finished too late")
    if others:
        dependents.settle(lease.job_id)
    return Status.COMPLETED


def _finish_with_effect(lease: Lease, made: Made, result: dict[str, Any]) -> bool | None:
    with transaction.atomic():
        others = leases.end(lease, Status.COMPLETED, result=result)
        if others is None:
            return None
        if made.commit is not None:
            leases.add_to_result(lease, made.commit() or {})
        if result["files"]:
            artifacts.publish(lease.job_id, lease.token)
    return others


def _stopped(lease: Lease, stop: errors.Interrupted) -> Status | None:
    if isinstance(stop, errors.LeaseLost):
        log.warning("job.lease_lost")
        return None
    if isinstance(stop, errors.CancelRequested):
        return _end(lease, Status.CANCELLED, {"code": "cancelled", "message": "cancelled by its owner"})
    message = f"took longer than the {lease.time_limit} s that a {lease.kind} job may take"
    return _end(lease, Status.FAILED, {"code": "time_limit", "message": message})


def _failed(lease: Lease, error: Exception) -> Status | None:
    if isinstance(error, OperationalError | InterfaceError):
        connection.close()
    log.error("job.attempt_failed", exc_info=error, extra={"kind": lease.kind, "attempt": lease.attempt})
    reason = errors.reason(error)
    if errors.is_permanent(error) or lease.attempt >= lease.max_attempts:
        return _end(lease, Status.FAILED, reason)
    delay = backoff(lease.attempt)
    back = patiently(lambda: leases.give_back(lease, Outcome.RETRIED, delay=delay, error=reason))
    return Status.QUEUED if back else None


def _end(lease: Lease, status: Status, error: dict[str, str]) -> Status | None:
    others = patiently(lambda: leases.end(lease, status, error=error))
    if others:
        dependents.settle(lease.job_id)
    return None if others is None else status


def backoff(attempt: int) -> float:
    """Return the seconds to wait after the given attempt: doubling, at most a minute, with full jitter."""
    ceiling = min(60.0, settings.MCAI_RETRY_SECONDS * 2.0 ** (attempt - 1))
    return random.uniform(ceiling / 2, ceiling)


def patiently(action: Callable[[], T]) -> T:
    """Call `action`; while the database is away, try again for as long as the lease could last.

    What ends a lease is never lost to a restart of PostgreSQL: the statements are fenced, so a second one after a
    commit whose answer got lost changes nothing.
    """
    deadline = time.monotonic() + settings.MCAI_LEASE_SECONDS
    while True:
        try:
            return action()
        except (OperationalError, InterfaceError):
            if time.monotonic() > deadline or connection.in_atomic_block:
                raise
            close_old_connections()
            connection.close()
            time.sleep(0.3)
