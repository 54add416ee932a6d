"""Takes values out of the shared cache before their time, and counts them."""

from collections import Counter
from functools import reduce
from operator import or_

from knowledge.cache import stats, tiers
from knowledge.cache.patterns import Pattern, everything, of_domain, parse_pattern


def invalidate(pattern: str | None = None) -> dict[str, int | None]:
    """Remove what ``pattern`` names (see ``patterns.parse_pattern``); return how many entries each tier lost.

    Raises
    ------
    ValueError
        For a pattern that cannot be.
    """
    return _invalidate(parse_pattern(pattern))


def invalidate_domain(domain: str) -> dict[str, int | None]:
    """Remove what was made from ``domain``, whatever its name looks like."""
    return _invalidate(of_domain(domain))


def invalidate_everything() -> dict[str, int | None]:
    """Remove every entry."""
    return _invalidate(everything())


def _invalidate(pattern: Pattern) -> dict[str, int | None]:
    removed = tiers.invalidate(pattern)
    stats.count_invalidated(reduce(or_, (lost for lost in removed.values() if lost is not None), Counter()))
    return {name: None if lost is None else lost.total() for name, lost in removed.items()}
