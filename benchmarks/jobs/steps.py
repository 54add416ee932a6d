"""Times a claim, a reconcile pass and a poll, and prints the medians in seconds as JSON."""

import json
import statistics
import time
from collections.abc import Callable
from uuid import UUID

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402

from jobs import lease, reconcile, selectors  # noqa: E402
from jobs.submit import Submission, submit  # noqa: E402

_RUNS = 200


def main() -> None:
    """Time each step."""
    owner = User.objects.get_or_create(username="bench")[0].pk
    ids = [submit(Submission(kind="test-noop", params={}, owner_id=owner)).job_id for _ in range(_RUNS)]
    found = {"a claim": _median([_timed(lambda job=job: lease.claim(job, "bench:1")) for job in ids])}
    found["a reconcile pass"] = _median([_timed(reconcile.reconcile) for _ in range(50)])
    found["a poll"] = _median([_timed(lambda job=job: _poll(job, owner)) for job in ids])
    print(json.dumps(found))


def _poll(job_id: UUID, owner: int) -> None:
    selectors.job_get(job_id=job_id, owner_id=owner)


def _timed(action: Callable[[], object]) -> float:
    begun = time.perf_counter()
    action()
    return time.perf_counter() - begun


def _median(times: list[float]) -> float:
    return statistics.median(times)


if __name__ == "__main__":
    main()
