"""The writes of an import: from the staging table into the domains, in the caller's transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from knowledge.acting import acting, datasets_lock
from knowledge.domains import datasets_ensure
from knowledge.importing import statements
from knowledge.importing.batches import batch_close
from knowledge.importing.issues import KEPT
from knowledge.importing.report import ImportReport
from knowledge.importing.staging import Staging, staging_drop
from knowledge.models import Dataset

SLICE_ROWS = 20_000
HEADER_METADATA = ("title", "description", "licence", "license")


def import_apply(
    staging: Staging, *, progress: Callable[[float, str], None] = lambda fraction, stage: None
) -> ImportReport:
    """Write what was staged, within the open transaction, and return the report.

    With ``strict`` and any error, or with a dry run, nothing is written.
    """
    _report_duplicates(staging)
    refused = staging.options.strict and staging.issues.count > 0
    if refused or staging.options.dry_run:
        counts = _Counts(0, 0) if refused else _foresee(staging)
        warnings: list[str] = []
    else:
        counts, warnings = _write(staging, progress)
    report = _report(staging, counts, refused=refused, warnings=warnings)
    batch_close(report)
    staging_drop(staging.table)
    return report


@dataclass(frozen=True, slots=True)
class _Counts:
    added: int
    replaced: int

    def __add__(self, other: "_Counts") -> "_Counts":
        return _Counts(self.added + other.added, self.replaced + other.replaced)


def _write(staging: Staging, progress: Callable[[float, str], None]) -> tuple[_Counts, list[str]]:
    named = datasets_ensure(staging.domains)
    datasets = datasets_lock([dataset.pk for dataset in named.values()])
    for dataset in datasets:
        _describe(dataset, staging.headers.get(dataset.domain_name))
    if staging.has_ids:
        _execute(statements.FREE_IDS, staging)
    sql = statements.replacing() if staging.options.on_duplicate == "replace" else statements.adding(_hold(datasets))
    with acting(staging.actor, batch=staging.batch):
        counts = _write_slices(sql, staging, progress)
        if staging.has_archived:
            counts += _Counts(len(_execute(statements.ARCHIVE, staging, batch=staging.batch)), 0)
    if staging.has_ids:
        _execute(statements.RAISE_SEQUENCE, staging)
    for dataset in datasets:
        _keep_version(dataset, staging.headers.get(dataset.domain_name))
    return counts, _over_limit(datasets)


def _hold(datasets: list[Dataset]) -> bool:
    return any(dataset.example_count or dataset.archived_count for dataset in datasets)


def _write_slices(sql: str, staging: Staging, progress: Callable[[float, str], None]) -> _Counts:
    """Write slice by slice, so that a long import can tell how far it is; the transaction is one all the same."""
    _, _, last = _execute(statements.EXTENT, staging)[0]
    counts = _Counts(0, 0)
    for start in range(0, last, SLICE_ROWS):
        progress(start / last, "writing")
        counts += _Counts(*_execute(sql, staging, after=start, until=start + SLICE_ROWS, batch=staging.batch)[0])
    return counts


def _describe(dataset: Dataset, header: dict[str, Any] | None) -> None:
    """Give a domain that is new what the document said of it."""
    if header is None or dataset.metadata or dataset.version:
        return
    given = header.get("metadata")
    dataset.metadata = {key: header[key] for key in HEADER_METADATA if header.get(key)}
    dataset.metadata |= given if isinstance(given, dict) else {}
    limit = header.get("max_examples")
    dataset.max_examples = limit if isinstance(limit, int) and 0 <= limit < 1 << 31 else None
    dataset.rotation_exempt = header.get("rotation_exempt") is True
    dataset.created_at = _moment(header.get("created_at")) or dataset.created_at
    dataset.save(update_fields=["metadata", "max_examples", "rotation_exempt", "created_at"])


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None


def _keep_version(dataset: Dataset, header: dict[str, Any] | None) -> None:
    """Give a domain that is new the version that it had where it was exported."""
    version = (header or {}).get("version")
    if dataset.version == 0 and isinstance(version, int) and 0 < version < 1 << 62:
        Dataset.objects.filter(pk=dataset.pk, version__lt=version).update(version=version)


def _report_duplicates(staging: Staging) -> None:
    """With ``on_duplicate="error"`` make each duplicate an error of its line."""
    if staging.options.on_duplicate != "error":
        return
    names = staging.file_names
    for file, line in _execute(statements.TAKE_DUPLICATES, staging):
        staging.issues.add(names[file], line, "The domain holds this content already.")
        staging.staged -= 1


def _foresee(staging: Staging) -> _Counts:
    added, replaced = _execute(statements.FORESEE, staging)[0]
    return _Counts(added, replaced if staging.options.on_duplicate == "replace" else 0)


def _over_limit(datasets: list[Dataset]) -> list[str]:
    warnings = []
    for dataset in Dataset.objects.filter(pk__in=[dataset.pk for dataset in datasets]).order_by("domain_name"):
        if dataset.limit is not None and dataset.example_count > dataset.limit:
            warnings.append(
                f"{dataset.domain_name} holds {dataset.example_count:,} examples, over its limit of {dataset.limit:,}: "
                f"the next rotation will archive {dataset.example_count - dataset.limit:,}."
            )
    return warnings


def _report(staging: Staging, counts: _Counts, *, refused: bool, warnings: list[str]) -> ImportReport:
    return ImportReport(
        batch=staging.batch,
        read=staging.read,
        added=counts.added,
        replaced=counts.replaced,
        duplicates=0 if refused else staging.staged - counts.added - counts.replaced,
        error_count=staging.issues.count,
        errors=[issue.as_json() for issue in staging.issues.first[:KEPT]],
        dry_run=staging.options.dry_run,
        refused=refused,
        warnings=staging.warnings + warnings,
        domains=sorted(staging.domains),
    )


def _execute(sql: str, staging: Staging, **values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("{staging}", staging.table), values)
        return cursor.fetchall() if cursor.description else []
