"""``manage.py load_fixtures``: the emotions and demo domains that ship with the project."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from knowledge.fixtures import fixtures_load


class Command(BaseCommand):
    help = "Load the emotions and demo domains; running it again adds nothing and overwrites no edit."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--folder", type=Path, default=Path(settings.BASE_DIR) / "fixtures")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            loaded = fixtures_load(folder)
        except FileNotFoundError as error:
            raise CommandError(f"{error.filename} does not exist.") from error
        self.stdout.write(
            f"Added {loaded.emotions} emotions and {loaded.examples} examples in {loaded.domains} domains."
        )
