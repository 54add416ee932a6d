"""``manage.py webhook_secret USER``: print what a user's webhooks are signed with."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from jobs.webhooks import secret_of


class Command(BaseCommand):
    """Print the secret."""

    help = "Print the secret that a user's webhooks are signed with."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print it."""
        owner = get_user_model().objects.filter(username=options["username"]).first()
        if owner is None:
            raise CommandError(f"there is no user {options['username']!r}")
        self.stdout.write(secret_of(owner.pk))
