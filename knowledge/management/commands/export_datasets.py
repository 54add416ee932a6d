"""``manage.py export_datasets [DOMAIN…]``: write domains to files that import the same again."""

import gzip
import sys
from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError

from knowledge.errors import KnowledgeError
from knowledge.exporting.run import datasets_chosen, export_write
from knowledge.exporting.writers import WRITERS
from knowledge.models import Dataset


class Command(BaseCommand):
    help = "Export domains, one file each in a folder, or into one file; `import_datasets` brings them back the same."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("domains", nargs="*", metavar="DOMAIN", help="all when none is named")
        parser.add_argument(
            "--output", type=Path, default=Path("export"), help="a folder, a file (.gz compresses), or - for stdout"
        )
        parser.add_argument("--format", choices=list(WRITERS), help="by the ending of the file; json in a folder")
        parser.add_argument("--archived", action="store_true", help="with what rotation archived")

    def handle(self, *args: Any, domains: list[str], output: Path, archived: bool, **options: Any) -> None:
        try:
            datasets = datasets_chosen(domains)
            chosen = options["format"] or _format_of(output)
            if str(output) == "-":
                count = export_write(out=sys.stdout.buffer, datasets=datasets, format=chosen, archived=archived)
            elif chosen_folder(output):
                count = self._folder(output, datasets, chosen, archived)
            else:
                count = _file(output, datasets, chosen, archived)
        except (KnowledgeError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stderr.write(f"{count:,} examples of {len(datasets)} domains written to {output}.")

    def _folder(self, folder: Path, datasets: Sequence[Dataset], chosen: str, archived: bool) -> int:
        folder.mkdir(parents=True, exist_ok=True)
        return sum(
            _file(folder / f"{dataset.domain_name.lstrip('.')}.{chosen}", [dataset], chosen, archived)
            for dataset in datasets
        )


def chosen_folder(output: Path) -> bool:
    """Say whether the output is a folder: one that exists, or a name without an ending."""
    return output.is_dir() or not output.suffix


def _format_of(output: Path) -> str:
    endings = [suffix.lstrip(".") for suffix in output.suffixes if suffix != ".gz"]
    return next((ending for ending in reversed(endings) if ending in WRITERS), "json")


def _file(path: Path, datasets: Sequence[Dataset], chosen: str, archived: bool) -> int:
    """Write beside and rename, so that no half export is taken for a whole one."""
    beside = path.with_name(f"{path.name}.part")
    with _writing(beside, compressed=path.suffix == ".gz") as out:
        count = export_write(out=out, datasets=datasets, format=chosen, archived=archived)
    beside.replace(path)
    return count


@contextmanager
def _writing(path: Path, *, compressed: bool) -> Iterator[IO[bytes]]:
    if compressed:
        with gzip.open(path, "wb", compresslevel=5) as out:
            yield out  # type: ignore[misc]  # a GzipFile writes bytes like any other
    else:
        with path.open("wb") as out:
            yield out
