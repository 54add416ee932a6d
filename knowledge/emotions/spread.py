"""How the emotions spread over many texts: those of a domain, or those that the last jobs read."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.db.models.functions import Left

from jobs.choices import Status
from jobs.models import Job
from knowledge.domains import dataset_get
from knowledge.models import Example

MOST_EXAMPLES = 1_000
MOST_JOBS = 20
LONGEST = 5_000


@dataclass(frozen=True, slots=True)
class Share:
    """An emotion, in how many texts it was found, and in how many of a hundred."""

    label: str
    count: int
    percent: float


@dataclass(frozen=True, slots=True)
class Spread:
    """The emotions of ``texts`` texts, the most frequent first; ``unread`` of them gave no evidence."""

    texts: int
    unread: int
    shares: tuple[Share, ...]
    valence: float
    arousal: float


def domain_spread(domain: str) -> Spread:
    """Return the spread over the newest examples of a domain. Raises `NotFoundError`."""
    from knowledge.emotions.reading import texts_read  # numpy: loaded with the first page that needs it

    rows = Example.objects.filter(dataset=dataset_get(domain)).order_by("-created_at", "-id")
    texts = list(rows.annotate(beginning=Left("content", LONGEST)).values_list("beginning", flat=True)[:MOST_EXAMPLES])
    return _spread(texts_read(texts, top=1, arc=False)["texts"])


def jobs_spread() -> Spread:
    """Return the spread over the texts that the last completed jobs read."""
    done = Job.objects.filter(kind="emotion", status=Status.COMPLETED).order_by("-id")
    results = done.values_list("result__texts", flat=True)[:MOST_JOBS]
    return _spread(list(chain.from_iterable(texts or () for texts in results)))


def _spread(readings: Sequence[dict[str, Any]]) -> Spread:
    read = [reading for reading in readings if not reading["note"]]
    counts: Counter[str] = Counter(chain.from_iterable(reading["labels"] for reading in read))
    shares = (Share(label, n, 100 * n / len(read)) for label, n in counts.most_common())
    means = (_mean(reading[name] for reading in read) for name in ("valence", "arousal"))
    return Spread(len(readings), len(readings) - len(read), tuple(shares), *means)


def _mean(values: Iterable[float]) -> float:
    numbers = list(values)
    return sum(numbers) / len(numbers) if numbers else 0.0
