"""``manage.py retry JOB …``: put failed or cancelled jobs back in their queues."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobs import cancel, registry
from jobs.management import client


class Command(BaseCommand):
    """Try jobs again."""

    help = "Put failed or cancelled jobs back in their queues."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        parser.add_argument("job", nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        """Try again."""
        for text in options["job"]:
            job = client.job_or_error(text)
            try:
                cancel.retry(job.id, registry.get(job.kind).max_attempts)
            except cancel.NotPossible as error:
                raise CommandError(f"{job.id}: {error}") from error
            self.stdout.write(f"{job.id} queued")
