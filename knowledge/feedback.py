"""What users think of examples and answers."""

import re

from django.contrib.auth.models import AbstractBaseUser

from knowledge.errors import KnowledgeError
from knowledge.models import ArchivedExample, Example, Feedback
from knowledge.models.feedback import BEST, WORST

MAX_NOTE = 10_000
_HASH = re.compile(r"[0-9a-f]{64}")


def feedback_give(
    *,
    rating: int,
    example_id: int | None = None,
    query_hash: str = "",
    note: str = "",
    user: AbstractBaseUser | None = None,
) -> Feedback:
    """Keep a rating and a note on an example, which may be archived, or on the answer to a query.

    Raises
    ------
    KnowledgeError
        The rating is out of range, the note too long, or it is not about exactly one thing that there is.
    """
    if not WORST <= rating <= BEST:
        raise KnowledgeError("rating", f"It must be {WORST} (worst) to {BEST} (best); it is {rating}.")
    if len(note) > MAX_NOTE:
        raise KnowledgeError("note", f"It has {len(note):,} characters; {MAX_NOTE:,} are the most.")
    if (example_id is None) == (not query_hash):
        raise KnowledgeError("example", "Name either an example or the query_hash of an answer.")
    if query_hash and not _HASH.fullmatch(query_hash):
        raise KnowledgeError("query_hash", "It must be 64 hexadecimal digits, as the answer gave them.")
    if example_id is not None and not _exists(example_id):
        raise KnowledgeError("example", f"There is no example {example_id}.")
    return Feedback.objects.create(
        example_id=example_id, query_hash=query_hash, rating=rating, note=note, user_id=getattr(user, "pk", None)
    )


def _exists(example_id: int) -> bool:
    return any(model.objects.filter(pk=example_id).exists() for model in (Example, ArchivedExample))
