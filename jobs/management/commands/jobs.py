"""``manage.py jobs``: list jobs."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from jobs import selectors
from jobs.choices import Status
from jobs.management import client


class Command(BaseCommand):
    """List jobs, newest first."""

    help = "List jobs, newest first."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        parser.add_argument("--user", help="whose (default: everybody's)")
        parser.add_argument("--kind")
        parser.add_argument("--status", choices=list(Status))
        parser.add_argument("--limit", type=int, default=20)

    def handle(self, *args: Any, **options: Any) -> None:
        """List."""
        owner = client.acting_user(options["user"]).pk if options["user"] else None
        found = selectors.job_list(
            owner_id=owner, kind=options["kind"], status=options["status"], limit=options["limit"]
        )
        for job in found:
            self.stdout.write(client.row(job))
