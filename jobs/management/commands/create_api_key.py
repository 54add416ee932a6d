"""``manage.py create_api_key``: make an API key."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jobs.choices import Tier
from jobs.keys import key_create


class Command(BaseCommand):
    """Make an API key and print it, once."""

    help = "Make an API key for a user (made too where missing). The key is printed once and kept only as a hash."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        parser.add_argument("username")
        parser.add_argument("--name", default="command line", help="what the key is for")
        parser.add_argument("--tier", choices=[tier.label for tier in Tier], default=Tier.STANDARD.label)
        parser.add_argument("--days", type=float, help="how long the key is good for (default: for ever)")
        parser.add_argument("--quiet", action="store_true", help="print the key alone")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make the key."""
        users = get_user_model()
        owner, made = users.objects.get_or_create(**{users.USERNAME_FIELD: options["username"]})
        if made:
            owner.set_unusable_password()
            owner.save()
        if options["days"] is not None and options["days"] <= 0:
            raise CommandError("--days must be more than 0")
        expires = timezone.now() + timedelta(days=options["days"]) if options["days"] else None
        tier = next(tier for tier in Tier if tier.label == options["tier"])
        row, key = key_create(owner=owner, name=options["name"], tier=tier, expires_at=expires)
        self.stdout.write(
            key if options["quiet"] else f"{key}\n(key {row.pk} of {owner}, {tier.label}; not shown again)"
        )
