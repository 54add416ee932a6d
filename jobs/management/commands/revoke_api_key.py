"""``manage.py revoke_api_key``: close an API key."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from jobs.keys import key_revoke
from jobs.models import ApiKey


class Command(BaseCommand):
    """Revoke keys by number."""

    help = "Revoke API keys by number; without a number, list the keys."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add the options."""
        parser.add_argument("number", nargs="*", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        """Revoke, or list."""
        for row in ApiKey.objects.select_related("owner"):
            if not options["number"]:
                state = "usable" if row.is_usable() else "closed"
                self.stdout.write(
                    f"{row.pk:>5}  {row.hint}…  {row.owner}  {row.get_tier_display()}  {state}  {row.name}"
                )
        for number in options["number"]:
            found = ApiKey.objects.filter(pk=number).first()
            if found is None:
                raise CommandError(f"there is no key {number}; run without a number to list them")
            key_revoke(found)
            self.stdout.write(f"revoked {found}")
