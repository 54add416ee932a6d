"""The words that a job's life is told in.

::

    submit ─▶ queued ─claim─▶ processing ─finish─▶ completed ─┐
                │  ▲              │   │                       │
                │  └─ retry, lost │   ├─ permanent error, ────┤
                │     lease or    │   │  or the last attempt   ├─ kept long enough ─▶ expired
                │     release ◀───┘   ▼                        │
                │                   failed ────────────────────┤
                └──── cancel ─────▶ cancelled ─────────────────┘
"""

from django.db import models


class Status(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


ACTIVE = frozenset({Status.QUEUED, Status.PROCESSING})
TERMINAL = frozenset(set(Status) - ACTIVE)
FINISHED = frozenset({Status.COMPLETED, Status.FAILED, Status.CANCELLED})


class Tier(models.IntegerChoices):
    """Whose jobs go first; the number orders, the smaller the earlier."""

    PREMIUM = 0, "premium"
    STANDARD = 1, "standard"
    FREE = 2, "free"


class Outcome(models.TextChoices):
    """How one attempt at a job ended."""

    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    RETRIED = "retried"
    RELEASED = "released"
    LOST = "lost"
    CANCELLED = "cancelled"
