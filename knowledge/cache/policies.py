"""How long each type of value lives, in one table."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules for one type of value; times in seconds.

    ``grace`` is how long after its end a value may still stand in, marked stale, when a new one cannot be had.
    ``negative_ttl`` is the life of "nothing found". ``personal``: one owner's value is never another's.
    ``durable``: dear enough to be kept in the ``knowledge_cache`` table too. ``standby``: kept there while Redis is
    away. ``most``: how many entries Redis holds, where the setting's bound is too many.
    """

    ttl: float
    grace: float = 24 * HOUR
    negative_ttl: float = 60.0
    personal: bool = False
    durable: bool = False
    standby: bool = False
    most: int | None = None


POLICIES: Mapping[str, Policy] = MappingProxyType(
    {
        "datasets": Policy(24 * HOUR),
        "examples": Policy(24 * HOUR),
        "emotions": Policy(24 * HOUR),
        "search": Policy(1 * HOUR, standby=True, most=2_000),
        "query": Policy(1 * HOUR, durable=True),
        "strategy_audit": Policy(24 * HOUR, durable=True),
        "ethical_assessment": Policy(12 * HOUR, durable=True),
        "framework_alignment": Policy(2 * HOUR, durable=True),
        "tri_core_loop": Policy(2 * HOUR, durable=True),
        "collaboration": Policy(1 * HOUR, personal=True, durable=True),
        "tutoring": Policy(timedelta(minutes=30).total_seconds(), personal=True, durable=True),
    }
)

TASK_TYPES = tuple(name for name, policy in POLICIES.items() if policy.durable)
"""The types of question that can be asked; the others are reads of the store."""


def policy_for(cache_type: str) -> Policy:
    """Return the rules for ``cache_type``.

    Raises
    ------
    ValueError
        Where there is no such type; it names the nearest.
    """
    try:
        return POLICIES[cache_type]
    except KeyError:
        near = difflib.get_close_matches(cache_type, POLICIES, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"Unknown cache type {cache_type!r}{hint} Known: {', '.join(POLICIES)}.") from None
