"""``manage.py cache_stats``: hits and misses of the shared cache."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from knowledge.cache.report import report

COLUMNS = ("hits", "misses", "stale", "refreshes", "evictions", "rejected", "discarded", "invalidated")


class Command(BaseCommand):
    """Print hits, misses and what they saved, by cache type."""

    help = "Print hits, misses and what they saved, by cache type."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--json", action="store_true", help="print JSON, as GET /api/cache/stats answers")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the counters."""
        found = report()
        if options["json"]:
            self.stdout.write(json.dumps(found, indent=2))
            return
        self._line("type", "entries", *COLUMNS, "hit rate", "saved $")
        for name, counts in [*found["types"].items(), ("total", found["total"])]:
            rate = "–" if counts["hit_rate"] is None else f"{counts['hit_rate']:.1%}"
            entries = "–" if counts["entries"] is None else counts["entries"]
            self._line(name, entries, *(counts[c] for c in COLUMNS), rate, f"{counts['saved_cost']:.4f}")

    def _line(self, name: str, *cells: object) -> None:
        self.stdout.write(f"{name:<20}" + "".join(f"{cell!s:>12}" for cell in cells))
