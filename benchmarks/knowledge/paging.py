"""A page of 100 in the database, at the front and deep, of 10,000 examples and of a million."""

import statistics
import time
from collections.abc import Callable

from benchmarks.knowledge.corpora import LARGE, SMALL, execute
from benchmarks.report import Row
from knowledge.models import Dataset
from knowledge.selectors import Cursor, examples_page

ROUNDS = 60
BOUND_MS, RATIO = 5.0, 1.5


def rows() -> list[Row]:
    """Measure; a domain `small` is cut out of the million by its first rows."""
    small, large = _small(), Dataset.objects.get(domain_name="large")
    execute("VACUUM ANALYZE examples")
    found = []
    for place, depth in (("first", 0.0), ("middle", 0.5), ("last", 0.99)):
        at_small, at_large = _median(small, depth), _median(large, depth)
        good = at_large < BOUND_MS and at_large < RATIO * at_small
        against = f"< {BOUND_MS:.0f} ms and at most {RATIO} × the {at_small:.2f} ms of {SMALL:,}"
        found.append(Row(f"{place} page of 100 of {LARGE:,}", f"{at_large:.2f} ms", against, good))
    offset = _timed(
        lambda: execute(
            "SELECT id, content FROM examples WHERE dataset_id = %s ORDER BY created_at DESC, id DESC "
            "OFFSET %s LIMIT 100",
            large.pk,
            int(large.example_count * 0.99),
        ),
        rounds=3,
    )
    return [*found, Row("the last page by OFFSET, for comparison", f"{offset:.0f} ms", "–")]


def _small() -> Dataset:
    dataset = Dataset.objects.create(domain_name="small")
    execute(
        "INSERT INTO examples (dataset_id, content, response, metadata, created_at) "
        "SELECT %s, content, response, metadata, created_at FROM examples ORDER BY id LIMIT %s",
        dataset.pk,
        SMALL,
    )
    return dataset


def _median(dataset: Dataset, depth: float) -> float:
    after = None
    if depth:
        ((moment, number),) = execute(
            "SELECT created_at, id FROM examples WHERE dataset_id = %s ORDER BY created_at DESC, id DESC "
            "OFFSET (SELECT count(*) * %s FROM examples WHERE dataset_id = %s)::int LIMIT 1",
            dataset.pk,
            depth,
            dataset.pk,
        )
        after = Cursor(moment, number)  # type: ignore[arg-type]
    return _timed(lambda: examples_page(dataset=dataset, limit=100, after=after), rounds=ROUNDS)


def _timed(call: Callable[[], object], *, rounds: int) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        call()
        times.append(1_000 * (time.perf_counter() - started))
    return statistics.median(times)
