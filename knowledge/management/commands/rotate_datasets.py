"""``manage.py rotate_datasets [DOMAIN]``: move what is over the limit to the archive, or back."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from knowledge.archive import archive_restore
from knowledge.errors import KnowledgeError
from knowledge.rotation import rotation_run


class Command(BaseCommand):
    help = "Archive the oldest examples of domains over their limit; exempt domains stay whole."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("domain", nargs="?", help="all when none is named")
        parser.add_argument("--max-examples", type=int, help="instead of each domain's own limit")
        parser.add_argument("--dry-run", action="store_true", help="say what would move, move nothing")
        parser.add_argument("--restore", action="store_true", help="bring the domain's archive back instead")

    def handle(self, *args: Any, domain: str | None, restore: bool, **options: Any) -> None:
        try:
            if restore:
                self._restore(domain)
            else:
                self._rotate(domain, options["max_examples"], dry_run=options["dry_run"])
        except KnowledgeError as error:
            raise CommandError(str(error)) from error

    def _rotate(self, domain: str | None, max_examples: int | None, *, dry_run: bool) -> None:
        rotated = rotation_run(domain=domain, max_examples=max_examples, dry_run=dry_run, actor=getpass.getuser())
        for one in rotated:
            if one.moved:
                self.stdout.write(f"{one.domain}: {one.moved:,} archived, {one.left:,} left")
        would = "would be " if dry_run else ""
        self.stdout.write(
            f"{sum(one.moved for one in rotated):,} examples of {len(rotated):,} domains {would}archived."
        )

    def _restore(self, domain: str | None) -> None:
        if domain is None:
            raise KnowledgeError("domain", "Name the domain whose archive comes back.")
        restored = archive_restore(domain=domain, actor=getpass.getuser())
        self.stdout.write(f"{restored.restored:,} examples restored, {restored.kept:,} kept archived.")
