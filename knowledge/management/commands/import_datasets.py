"""``manage.py import_datasets PATH…``: bring files and folders into the knowledge store."""

import getpass
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from knowledge.errors import KnowledgeError
from knowledge.importing.options import ON_DUPLICATE, TEXT_UNITS, ImportOptions
from knowledge.importing.report import ImportReport
from knowledge.importing.run import import_run
from knowledge.importing.undo import import_undo


class Command(BaseCommand):
    help = "Import JSON, JSONL, CSV, TSV, TXT (gzip of each) or Parquet; of a folder each file is a domain."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH")
        parser.add_argument("--domain", help="all into this domain, instead of one named like the file")
        parser.add_argument("--dry-run", action="store_true", help="read all, say what would happen, write nothing")
        parser.add_argument("--strict", action="store_true", help="write nothing when any row is wrong")
        parser.add_argument("--on-duplicate", choices=ON_DUPLICATE, default="skip")
        parser.add_argument("--text-unit", choices=TEXT_UNITS, default="paragraph", help="an example in a TXT file")
        parser.add_argument("--no-header", action="store_true", help="the columns of CSV and TSV are content, response")
        parser.add_argument("--encoding", help="of the text; detected when not given")
        parser.add_argument(
            "--field", action="append", default=[], metavar="OURS=THEIRS", help="such as content=article.body"
        )
        parser.add_argument("--undo", type=int, metavar="BATCH", help="take back an import instead")

    def handle(self, *args: Any, paths: list[Path], **options: Any) -> None:
        try:
            if options["undo"] is not None:
                self._undo(options["undo"])
            elif not paths:
                raise CommandError("Name at least one file or folder.")
            else:
                self._import(paths, options)
        except KnowledgeError as error:
            raise CommandError(str(error)) from error

    def _undo(self, batch: int) -> None:
        undone = import_undo(batch=batch, actor=getpass.getuser())
        self.stdout.write(
            f"Import {batch} is undone: {undone.removed:,} examples removed, {undone.put_back:,} put back, "
            f"{undone.kept:,} kept since they were edited."
        )

    def _import(self, paths: list[Path], options: dict[str, Any]) -> None:
        with tqdm(total=100, unit="%", disable=options["verbosity"] == 0, file=self.stderr) as bar:
            report = import_run(
                paths=paths, options=_options(options), actor=getpass.getuser(), progress=_Progress(bar).at
            )
            bar.update(100 - bar.n)
        self._say(report)
        if report.refused or (report.error_count and not report.read):
            raise CommandError("Nothing was imported.")

    def _say(self, report: ImportReport) -> None:
        for error in report.errors:
            self.stderr.write(f"{error['file']}:{error['line']}: {error['message']}")
        if report.error_count > len(report.errors):
            self.stderr.write(f"… and {report.error_count - len(report.errors):,} errors more")
        for warning in report.warnings:
            self.stderr.write(self.style.WARNING(warning))
        would = "would be " if report.dry_run else ""
        self.stdout.write(
            f"{report.read:,} rows read: {report.added:,} {would}added, {report.replaced:,} {would}replaced, "
            f"{report.duplicates:,} duplicates, {report.error_count:,} errors (import {report.batch})."
        )


def _options(options: dict[str, Any]) -> ImportOptions:
    pairs = [pair.partition("=") for pair in options["field"]]
    return ImportOptions(
        domain=options["domain"],
        on_duplicate=options["on_duplicate"],
        strict=options["strict"],
        dry_run=options["dry_run"],
        text_unit=options["text_unit"],
        header=not options["no_header"],
        encoding=options["encoding"],
        fields={ours: theirs for ours, _, theirs in pairs},
    )


class _Progress:
    """Reading fills the first third of the bar, writing the rest, as their times are."""

    SHARES = {"reading": (0.0, 33.0), "writing": (33.0, 67.0)}

    def __init__(self, bar: "tqdm[Any]") -> None:
        self._bar = bar

    def at(self, fraction: float, stage: str) -> None:
        """Move the bar."""
        start, share = self.SHARES[stage]
        self._bar.set_description(stage)
        self._bar.update(round(start + share * fraction, 1) - self._bar.n)
