"""An import from files to report: read into staging, then apply in one transaction."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from knowledge.domains import domain_name_clean
from knowledge.errors import KnowledgeError
from knowledge.importing.apply import import_apply
from knowledge.importing.batches import batch_fail, batch_open
from knowledge.importing.issues import FileError, Issues, RowError, Unreadable
from knowledge.importing.making import row_make
from knowledge.importing.opening import opened
from knowledge.importing.options import ImportOptions
from knowledge.importing.readers import records
from knowledge.importing.report import ImportReport
from knowledge.importing.sources import Source, sources_find
from knowledge.importing.staging import (
    Staged,
    Staging,
    staging_create,
    staging_drop,
    staging_fill,
    staging_forget,
    staging_sweep,
)

Progress = Callable[[float, str], None]
PROGRESS_ROWS = 2_000


def import_run(
    *,
    paths: list[Path],
    options: ImportOptions,
    actor: str,
    progress: Progress = lambda fraction, stage: None,
) -> ImportReport:
    """Import the files and folders at ``paths``, all of it in one transaction of its own."""
    issues = Issues()
    sources, skipped = sources_find(paths, issues)
    staging = import_stage(sources=sources, options=options, actor=actor, issues=issues, progress=progress)
    staging.warnings += [f"{name} was left aside: its ending is none of a known format." for name in skipped]
    with ExitStack() as failing:
        failing.callback(import_abandon, staging)
        with transaction.atomic():
            report = import_apply(staging, progress=progress)
        failing.pop_all()
    return report


def import_stage(
    *,
    sources: list[Source],
    options: ImportOptions,
    actor: str,
    issues: Issues | None = None,
    key: UUID | None = None,
    progress: Progress = lambda fraction, stage: None,
) -> Staging:
    """Read ``sources`` into a staging table, which holds no lock that anyone else needs.

    ``key`` is the id of the job, if there is one: a job that runs again goes on with its own batch.
    """
    staging_sweep()
    names = [source.name for source in sources]
    batch = batch_open(sources=names, options=options, actor=actor, key=key)
    staging = Staging(batch.pk, staging_create(batch.pk), options, actor, issues or Issues(), names)
    with ExitStack() as failing:
        failing.callback(import_abandon, staging)
        with transaction.atomic():
            staging_fill(staging.table, _Reading(staging, sources, progress).rows())
            for file in staging.refused_files:
                staging.staged -= staging_forget(staging.table, file)
        failing.pop_all()
    return staging


def import_abandon(staging: Staging) -> None:
    """Leave nothing behind of an import that could not be finished."""
    staging_drop(staging.table)
    batch_fail(staging.batch)


@dataclass
class _Reading:
    """The rows of all sources, counted as they pass."""

    staging: Staging
    sources: list[Source]
    progress: Progress
    _done: int = 0
    _total: int = field(init=False)

    def __post_init__(self) -> None:
        self._total = sum(source.path.stat().st_size for source in self.sources) or 1

    def rows(self) -> Iterator[Staged]:
        """Yield every good row of every source; what is wrong becomes an issue."""
        for index, source in enumerate(self.sources):
            try:
                yield from self._file(index, source)
            except FileError as error:
                self.staging.refused_files.append(index)
                self.staging.issues.add(source.name, 0, str(error))
            except Unreadable as error:
                self.staging.issues.add(source.name, error.line, str(error))
            except OSError as error:
                self.staging.refused_files.append(index)
                self.staging.issues.add(source.name, 0, f"It cannot be read: {error.strerror}.")
            self._done += source.path.stat().st_size

    def _file(self, index: int, source: Source) -> Iterator[Staged]:
        staging, options = self.staging, self.staging.options
        target = _Target(staging, source)
        with opened(source.path) as (plain, raw):
            found = records(plain, source.format, options, target.on_header)
            for number, (line, record) in enumerate(found):
                staging.read += 1
                if number % PROGRESS_ROWS == 0:
                    self.progress(min((self._done + raw.tell()) / self._total, 1.0), "reading")
                try:
                    if isinstance(record, RowError):
                        raise record
                    row = row_make(record, target.domain, options.fields, pinned=options.domain is not None)
                except RowError as error:
                    staging.issues.add(source.name, line, str(error))
                    continue
                staging.note(row)
                yield index, line, row


class _Target:
    """Where the rows of one file go: the given domain, that of its header, or one named like the file."""

    def __init__(self, staging: Staging, source: Source) -> None:
        self._staging = staging
        self._stem = source.stem
        self._named: str | None = staging.options.domain

    @property
    def domain(self) -> str:
        if self._named is None:
            self._named = self._clean(self._stem)
        return self._named

    def on_header(self, header: dict[str, Any]) -> None:
        """Take what a document says of its domain."""
        if self._named is None and isinstance(header.get("domain"), str):
            self._named = self._clean(header["domain"])
        self._staging.headers.setdefault(self.domain, header)

    @staticmethod
    def _clean(name: str) -> str:
        try:
            return domain_name_clean(name)
        except KnowledgeError as error:
            raise FileError(error.message) from error
