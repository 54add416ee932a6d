"""Submits no-ops one at a time, prints the median seconds from the call to the finish that the row tells."""

import statistics
import sys
import time

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402

from jobs.submit import Submission, submit  # noqa: E402

_REST = 0.001  # by the time the disk has the submission, the no-op is done: asking takes no core from the worker


def main(runs: int, warm: int) -> None:
    """Submit and wait, again and again."""
    owner = User.objects.get_or_create(username="bench")[0].pk
    times = [_once(owner) for _ in range(warm + runs)]
    print(statistics.median(times[warm:]))


def _once(owner: int) -> float:
    begun = time.time()
    job_id = submit(Submission(kind="test-noop", params={}, owner_id=owner)).job_id
    time.sleep(_REST)
    with connection.cursor() as cursor:
        while True:
            cursor.execute("SELECT extract(epoch FROM finished_at) FROM jobs WHERE id = %s", [job_id])
            finished = cursor.fetchone()[0]
            if finished is not None:
                return float(finished) - begun
            time.sleep(_REST)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
