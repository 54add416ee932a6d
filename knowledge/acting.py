"""Tell the database who acts, and take the lock that orders the writers of a domain."""

from collections.abc import Sequence

from django.db import connection

from knowledge.models import Dataset

DIRECT, ARCHIVING = "", "archive"


def act_as(actor: str, *, batch: int | None = None, action: str = DIRECT) -> None:
    """Name the actor of what follows in this transaction; the triggers write it into the history."""
    settings = {"mcai.actor": actor, "mcai.batch": "" if batch is None else str(batch), "mcai.action": action}
    with connection.cursor() as cursor:
        for name, value in settings.items():
            cursor.execute("SELECT set_config(%s, %s, true)", [name, value])


def datasets_lock(ids: Sequence[int] | None = None) -> list[Dataset]:
    """Lock these domains (all when None) until the transaction ends and return them as they are now.

    Every service that writes examples starts here, always in the order of ids, so that writers of one domain
    follow each other and never wait in a circle.
    """
    rows = Dataset.objects.select_for_update(no_key=True).order_by("id")
    return list(rows if ids is None else rows.filter(id__in=ids))
