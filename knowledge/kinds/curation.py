"""Large corrections as kinds of job: undoing an import, restoring a snapshot or an archive. Each is one effect."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from jobs.errors import InvalidParams
from jobs.outcome import Outcome
from jobs.registry import Handler, Kind, Progress
from knowledge.archive import archive_restore
from knowledge.domains import dataset_get
from knowledge.errors import KnowledgeError
from knowledge.importing.undo import import_undo, settled
from knowledge.kinds import body as read
from knowledge.models import ImportBatch
from knowledge.snapshots import snapshot_get, snapshot_restore

HOUR_SECONDS = 3_600
MOST = (1 << 63) - 1
MOST_IDS = 10_000


def validate_undo(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of an undoing. Raises `InvalidParams`."""
    read.only(body, ("batch",))
    batch = read.whole(body, "batch", 1, MOST) or 0
    found = ImportBatch.objects.filter(pk=batch, status=ImportBatch.Status.APPLIED).first()
    if found is None:
        raise InvalidParams("batch", f"There is no import {batch} that was applied and not undone.")
    if found.settled_at:
        raise InvalidParams("batch", settled(found))
    return {"batch": batch}


def validate_archive(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a restore from the archive: of a domain, or of `ids`. Raises `InvalidParams`."""
    read.only(body, ("domain", "ids"))
    if "ids" not in body:
        return {"domain": _dataset(body).domain_name}
    ids = body["ids"]
    whole = isinstance(ids, list) and all(type(each) is int and 0 < each <= MOST for each in ids)
    if not whole or not 0 < len(ids) <= MOST_IDS:
        raise InvalidParams("ids", f"must be a list of 1 to {MOST_IDS:,} ids of archived examples")
    if "domain" in body:
        raise InvalidParams("ids", "Name a domain or ids, not both.")
    return {"ids": ids}


def validate_snapshot(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a restore of a snapshot. Raises `InvalidParams`."""
    read.only(body, ("domain", "snapshot"))
    name = read.text(body, "snapshot") or ""
    try:
        snapshot_get(dataset=_dataset(body), name=name)
    except KnowledgeError as error:
        raise read.refused(error) from error
    return {"domain": str(body["domain"]), "snapshot": name}


def _dataset(body: Mapping[str, Any]) -> Any:
    domain = read.text(body, "domain")
    if domain is None:
        raise InvalidParams("domain", "Name a domain.")
    try:
        return dataset_get(domain)
    except KnowledgeError as error:
        raise read.refused(error) from error


def _restore_snapshot(*, domain: str, snapshot: str, actor: str) -> Any:
    return snapshot_restore(snapshot=snapshot_get(dataset=dataset_get(domain), name=snapshot), actor=actor)


def effect(service: Callable[..., Any]) -> Handler:
    """Return the handler whose one effect is ``service``, called in the finishing transaction."""

    def handle(params: dict[str, Any], progress: Progress) -> Outcome:
        actor = read.actor()

        def commit() -> dict[str, Any]:
            try:
                return asdict(service(**params, actor=actor))
            except KnowledgeError as error:  # what it is about went away meanwhile
                raise read.refused(error) from error

        progress(0.5, "writing")
        return Outcome({}, commit=commit)

    return handle


UNDO = Kind("undo", "data", validate_undo, effect(import_undo), time_limit=HOUR_SECONDS)
RESTORE_ARCHIVE = Kind("restore-archive", "data", validate_archive, effect(archive_restore), time_limit=HOUR_SECONDS)
RESTORE_SNAPSHOT = Kind(
    "restore-snapshot", "data", validate_snapshot, effect(_restore_snapshot), time_limit=HOUR_SECONDS
)
CURATION = (UNDO, RESTORE_ARCHIVE, RESTORE_SNAPSHOT)
