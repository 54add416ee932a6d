"""Versions of the classifier as rows: add, activate, roll back, and which one is active."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from knowledge.models import EmotionModel

SHIPPED = "shipped"
"""The name of the version that comes with the package."""

_ACTIVATE = "UPDATE emotion_models SET activated_at = clock_timestamp() WHERE sha256 = %s"
_ROLL_BACK = """
UPDATE emotion_models SET activated_at = NULL
WHERE id = (SELECT id FROM emotion_models WHERE activated_at IS NOT NULL
            ORDER BY activated_at DESC LIMIT 1 FOR UPDATE)
"""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a version is made of: the model's file, its card and its figures."""

    content: bytes
    card: str
    figures: Mapping[str, Any]


def version_add(draft: Draft) -> EmotionModel:
    """Keep a model's file as a version; the same file twice is one version. Raises `ArtifactError`."""
    from knowledge.emotions.artifact import Model, digest  # numpy: who asks for the active version needs none

    Model.from_bytes(draft.content)
    row, _ = EmotionModel.objects.get_or_create(
        sha256=digest(draft.content),
        defaults={"content": draft.content, "card": draft.card, "figures": dict(draft.figures)},
    )
    return row


def version_activate(sha256: str) -> bool:
    """Make every process use the version; return whether there is such a one."""
    with connection.cursor() as cursor:
        cursor.execute(_ACTIVATE, [sha256])
        return bool(cursor.rowcount)


def version_roll_back() -> str:
    """Bring back the version that was active before, at last the shipped one; return which is active now."""
    with connection.cursor() as cursor:
        cursor.execute(_ROLL_BACK)
    return active_version()


def active_version() -> str:
    """Return the SHA-256 of the active version, or `SHIPPED`."""
    row = EmotionModel.objects.filter(activated_at__isnull=False).order_by("-activated_at").values_list("sha256")
    return next((sha256 for (sha256,) in row[:1]), SHIPPED)


def version_content(version: str) -> bytes:
    """Return the file of a version."""
    return bytes(EmotionModel.objects.values_list("content", flat=True).get(sha256=version))
