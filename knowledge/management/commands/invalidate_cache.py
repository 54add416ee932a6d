"""``manage.py invalidate_cache``: take values out of the shared cache before their time."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from knowledge.cache.availability import Away
from knowledge.cache.invalidation import invalidate, invalidate_domain
from knowledge.cache.table_tier import prune


class Command(BaseCommand):
    """Take values out of the shared cache before their time."""

    help = "Take values out of the shared cache before their time."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("pattern", nargs="?", help="a glob such as 'query:*', a cache type, or '*' for everything")
        what.add_argument("--domain", help="what was made from this domain")
        what.add_argument("--expired", action="store_true", help="only rows of the table that nobody can be given")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Remove, and say how many entries each tier lost."""
        try:
            removed = _remove(options)
        except (ValueError, Away) as error:
            raise CommandError(str(error)) from error
        told = (f"{tier}: {'away' if number is None else number}" for tier, number in removed.items())
        self.stdout.write(f"Removed {', '.join(told)}.")


def _remove(options: dict[str, Any]) -> dict[str, int | None]:
    if options["expired"]:
        return {"table": prune()}
    return invalidate_domain(options["domain"]) if options["domain"] else invalidate(options["pattern"])
