"""An export of one domain or several into one stream."""

from collections.abc import Callable, Iterator, Sequence
from typing import IO

from knowledge.domains import dataset_get
from knowledge.errors import KnowledgeError, nearest
from knowledge.exporting.rows import ExportRow, rows_of
from knowledge.exporting.writers import WRITERS
from knowledge.models import Dataset

PROGRESS_ROWS = 1_000


def datasets_chosen(domains: Sequence[str]) -> list[Dataset]:
    """Return the domains of these names, or all where there are none named. Raises `NotFoundError`."""
    return [dataset_get(domain) for domain in domains] if domains else list(Dataset.objects.order_by("domain_name"))


def format_check(name: str) -> str:
    """Return ``name`` where a writer of it is known. Raises `KnowledgeError`."""
    if name not in WRITERS:
        raise KnowledgeError("format", f"{name!r} is none of {', '.join(WRITERS)}.{nearest(name, WRITERS)}")
    return name


def export_write(
    *,
    out: IO[bytes],
    datasets: Sequence[Dataset],
    format: str,
    archived: bool = False,
    progress: Callable[[float, str], None] = lambda fraction, stage: None,
) -> int:
    """Write the examples of ``datasets`` to ``out`` in ``format`` and return how many there were."""
    counting = _Counting(datasets, archived, progress)
    WRITERS[format_check(format)](out, datasets, counting.rows())
    return counting.count


class _Counting:
    """The rows of several domains, counted as they pass."""

    def __init__(self, datasets: Sequence[Dataset], archived: bool, progress: Callable[[float, str], None]) -> None:
        self.count = 0
        self._datasets = datasets
        self._archived = archived
        self._progress = progress
        self._total = sum(d.example_count + (d.archived_count if archived else 0) for d in datasets) or 1

    def rows(self) -> Iterator[ExportRow]:
        """Yield every row."""
        for dataset in self._datasets:
            for row in rows_of(dataset, archived=self._archived):
                if self.count % PROGRESS_ROWS == 0:
                    self._progress(min(self.count / self._total, 1.0), "writing")
                self.count += 1
                yield row
