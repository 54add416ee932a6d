"""Accepts a job and dies between its commit and its message: ``python -m tests.chaos.dying_submitter TAG``."""

import os
import sys

import django

django.setup()

from django.contrib.auth.models import User  # noqa: E402

from jobs import publisher  # noqa: E402
from jobs.submit import Submission, submit  # noqa: E402


def main(tag: str) -> None:
    """Submit and die."""
    publisher.publish = lambda _messages: os._exit(9)  # type: ignore[assignment]
    owner = User.objects.get(username="chaos")
    params = {"tag": tag, "seconds": 0.05}
    submit(Submission(kind="test-effect", params=params, owner_id=owner.pk, idempotency_key=f"{tag}#0"))


if __name__ == "__main__":
    main(sys.argv[1])
