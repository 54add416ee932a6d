"""The record of an import, from its beginning to its end."""

from uuid import UUID

from django.db.models import Value
from django.db.models.functions import Now

from knowledge.importing.options import ImportOptions
from knowledge.importing.report import ImportReport
from knowledge.models import ImportBatch

Status = ImportBatch.Status


def batch_open(*, sources: list[str], options: ImportOptions, actor: str, key: UUID | None) -> ImportBatch:
    """Return a running batch: a new one, or that of the job ``key`` when it runs again."""
    values = {"status": Status.RUNNING, "sources": sources, "options": options.as_json(), "actor": actor}
    if key is None:
        return ImportBatch.objects.create(**values)
    batch, _ = ImportBatch.objects.update_or_create(key=key, defaults=values)
    return batch


def batch_fail(batch: int) -> None:
    """Mark an import that was given up."""
    ImportBatch.objects.filter(pk=batch, status=Status.RUNNING).update(status=Status.FAILED, finished_at=Now())


def batch_close(report: ImportReport) -> None:
    """Write down how an import ended."""
    status = Status.REFUSED if report.refused else Status.DRY_RUN if report.dry_run else Status.APPLIED
    ImportBatch.objects.filter(pk=report.batch).update(
        status=status,
        finished_at=Now(),
        domains=Value(report.domains, output_field=ImportBatch._meta.get_field("domains")),
        read=report.read,
        added=report.added,
        replaced=report.replaced,
        duplicates=report.duplicates,
        error_count=report.error_count,
        errors=Value(report.errors, output_field=ImportBatch._meta.get_field("errors")),
    )
