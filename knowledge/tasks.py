"""What beat asks for beside jobs: work that may be lost without harm, since the next hour or night repeats it."""

import logging

from celery import shared_task

from knowledge.cache.availability import Away
from knowledge.cache.table_tier import prune
from knowledge.cache.warmup import warm_up
from knowledge.importing.staging import staging_sweep
from knowledge.kinds.embedding import embed_if_pending
from knowledge.retention import history_prune
from knowledge.rotation import rotation_run

log = logging.getLogger(__name__)


@shared_task(name="knowledge.embed_pending", ignore_result=True)
def embed_pending() -> None:
    """Have examples embedded that a writer of its own (a script, SQL) brought in without telling."""
    if embed_if_pending():
        log.info("embedding.submitted")


@shared_task(name="knowledge.keep_cache", ignore_result=True)
def keep_cache() -> None:
    """Fill the shared cache, bring the exported files up to date, and clear the table of what nobody can be given."""
    warmed = warm_up()
    try:
        pruned = prune()
    except Away:
        pruned = 0
    log.info("cache.kept", extra={"entries": warmed.entries, "exported": warmed.exported, "pruned": pruned})


@shared_task(name="knowledge.rotate", ignore_result=True)
def rotate() -> None:
    """Rotate every domain over its limit, and drop what killed imports left behind."""
    rotated = rotation_run(actor="rotation by night")
    staging_sweep()
    log.info("knowledge.rotated", extra={"moved": sum(one.moved for one in rotated)})


@shared_task(name="knowledge.prune_history", ignore_result=True)
def prune_history() -> None:
    """Remove former states of examples that were kept long enough."""
    pruned = history_prune()
    log.info("history.pruned", extra={"removed": pruned.removed, "settled": pruned.settled, "more": pruned.more})
