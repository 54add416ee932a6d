"""Embedding as a kind of job: what waits is embedded batch by batch, and each batch is kept whatever comes after."""

import logging
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models.functions import Now

from jobs.choices import Status
from jobs.errors import PermanentError, TransientError
from jobs.models import Job
from jobs.outcome import Outcome
from jobs.registry import Kind, Progress
from jobs.submit import Submission, submit
from knowledge.kinds import body as read

log = logging.getLogger(__name__)

NAME = "embed"
OWNER = "embedding"
"""The account that the store's own embedding jobs belong to; nobody can log in as it."""
_HOURS = 6 * 3600


def validate(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters: ``refit`` fits the embedder anew. Raises `InvalidParams`."""
    read.only(body, ("refit",))
    return {"refit": read.truth(body, "refit")}


def handle(params: dict[str, Any], progress: Progress) -> Outcome:
    """Embed what waits."""
    from knowledge.embedders.contract import EmbedderAway, EmbedderError  # numpy and httpx: every process starts here
    from knowledge.embedders.embedding import embed_pending

    try:
        return Outcome(asdict(embed_pending(refit=params["refit"], progress=progress)))
    except EmbedderAway as error:
        raise TransientError(str(error)) from error
    except EmbedderError as error:
        raise PermanentError(str(error)) from error


def embed_enqueue() -> bool:
    """Submit an embedding job unless one is waiting already; return whether it was submitted."""
    if Job.objects.filter(kind=NAME, status=Status.QUEUED, available_at__lte=Now()).exists():
        return False
    owner, _ = get_user_model().objects.get_or_create(username=OWNER, defaults={"password": "!", "is_active": False})
    submit(Submission(kind=NAME, params={"refit": False}, owner_id=owner.pk))
    return True


def embed_if_pending(**_: Any) -> bool:
    """Submit an embedding job if any example waits for its vector; return whether it was submitted."""
    from knowledge.embedders.choosing import identity_now
    from knowledge.embedders.contract import EmbedderError
    from knowledge.embedders.pending import is_pending

    try:
        return is_pending(identity_now()) and embed_enqueue()
    except EmbedderError as error:
        log.warning("embedding.misconfigured", extra={"error": str(error)})
        return False


EMBEDDING = Kind(NAME, "data", validate, handle, time_limit=_HOURS)
