"""``manage.py watch JOB``: draw a job's progress until it ends."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from jobs.management import client


class Command(BaseCommand):
    """Watch a job."""

    help = "Draw a job's progress until it ends."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        parser.add_argument("job")

    def handle(self, *args: Any, **options: Any) -> None:
        """Watch."""
        client.tell(client.watch(client.job_or_error(options["job"]), self.stdout), self.stdout)
