"""``manage.py warm_cache``: fill the shared cache and write the exported files."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from knowledge.cache.warmup import warm_up


class Command(BaseCommand):
    """Fill the shared cache before anybody asks, and bring the exported files up to date."""

    help = "Fill the shared cache before anybody asks, and bring the exported files up to date."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--no-export", action="store_true", help="leave the exported files as they are")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Warm up and say what was done."""
        warmed = warm_up(export=not options["no_export"])
        if warmed.away:
            raise CommandError(f"Away: {', '.join(warmed.away)}. The cache fills as it is used.")
        size = f"{warmed.bytes / 1e6:.2f} MB"
        self.stdout.write(f"{warmed.entries} entries ({size}) in the cache, {warmed.exported} domains exported.")
