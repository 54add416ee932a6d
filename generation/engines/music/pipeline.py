"""Two stages of a stream at once: what comes next is made in a thread while what came is used.

NumPy and libsndfile let go of the interpreter while they calculate, so that two cores share the work. The order, and
with it every byte, stays the same.
"""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def ahead(items: Iterable[T]) -> Iterator[T]:
    """Yield the items, each made while its predecessor is in use; an error of the maker is raised here."""
    source = iter(items)
    with ThreadPoolExecutor(1) as maker:
        upcoming = maker.submit(lambda: next(source, None))
        while (item := upcoming.result()) is not None:
            upcoming = maker.submit(lambda: next(source, None))
            yield item
