"""``manage.py prune_history``: remove former states of examples that are older than is kept."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from knowledge.retention import history_foresee, history_prune


class Command(BaseCommand):
    help = "Remove former states of examples older than MCAI_HISTORY_DAYS; what a snapshot holds stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, help="instead of MCAI_HISTORY_DAYS")
        parser.add_argument("--dry-run", action="store_true", help="say what would go, remove nothing")

    def handle(self, *args: Any, days: int | None, dry_run: bool, **options: Any) -> None:
        days = settings.MCAI_HISTORY_DAYS if days is None else days
        if days < 0:
            raise CommandError(f"--days must be 0 (keep all) or more; it is {days}.")
        if dry_run:
            self._tell(history_foresee(days=days), "would be ")
            return
        more = True
        while more:
            pruned = history_prune(days=days)
            more = pruned.more
            self._tell(pruned, "")

    def _tell(self, pruned: Any, would: str) -> None:
        self.stdout.write(
            f"{pruned.removed:,} former states {would}removed; "
            f"{pruned.settled:,} imports {would}settled (they can no longer be undone)."
        )
