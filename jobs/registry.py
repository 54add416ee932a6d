"""The kinds of job. The rooms above register theirs in their ``apps.py``."""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings

from jobs.errors import UnknownKind
from jobs.outcome import Outcome

Progress = Callable[[float, str], None]
"""``progress(fraction, stage)``, fraction in [0, 1]; raises `jobs.errors.Interrupted` when the work shall stop."""

Handler = Callable[[dict[str, Any], Progress], Outcome]
Validator = Callable[[Mapping[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job.

    ``validate`` turns a request body into the parameters that are stored, or raises `InvalidParams`; it runs in
    the web process and must be quick. ``handler`` does the work. ``time_limit`` is in seconds. ``most_at_once`` is how
    many may run at once, by all workers together; None: as many as there are workers.
    """

    name: str
    queue: str
    validate: Validator
    handler: Handler
    time_limit: int = 300
    max_attempts: int = 3
    most_at_once: int | None = None


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; registering a name twice, or a queue that nobody serves, is a mistake of the program."""
    if kind.name in _kinds and _kinds[kind.name] != kind:
        raise ValueError(f"job kind {kind.name!r} is registered twice")
    if kind.queue not in settings.MCAI_QUEUES:
        raise ValueError(f"job kind {kind.name!r} names the undeclared queue {kind.queue!r}")
    _kinds[kind.name] = kind


def unregister(name: str) -> None:
    """Forget a kind (for tests that register their own)."""
    _kinds.pop(name, None)


def get(name: str) -> Kind:
    """Return the kind called `name`, or raise `UnknownKind`."""
    try:
        return _kinds[name]
    except KeyError:
        near = difflib.get_close_matches(name, _kinds, 1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise UnknownKind("kind", f"{name!r} is not one of {', '.join(sorted(_kinds))}{hint}") from None


def all_kinds() -> tuple[Kind, ...]:
    """Return every kind, by name."""
    return tuple(_kinds[name] for name in sorted(_kinds))
