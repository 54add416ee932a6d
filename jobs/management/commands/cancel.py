"""``manage.py cancel JOB …``: cancel jobs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobs import cancel
from jobs.management import client


class Command(BaseCommand):
    """Cancel jobs, waiting or running."""

    help = "Cancel jobs: a waiting one at once, a running one within a heartbeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        parser.add_argument("job", nargs="+")

    def handle(self, *args: Any, **options: Any) -> None:
        """Cancel."""
        for text in options["job"]:
            job = client.job_or_error(text)
            try:
                status = cancel.cancel(job.id)
            except cancel.NotPossible as error:
                raise CommandError(f"{job.id}: {error}") from error
            self.stdout.write(f"{job.id} {'cancelled' if status == 'cancelled' else 'is told to stop'}")
