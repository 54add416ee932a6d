"""Caps: how many jobs of a kind may be worked on at once, by all workers together.

What counts is the rows that are processing, and nothing else: there is no counter to go wrong, and a slot is free the
moment that its job has ended, was given back, or was taken from a dead worker. A claim counts them behind a lock of its
kind (`jobs_slot_free`, in the database), so that two claims never count the same.

Jobs of a capped kind wait in a lane of their own (``capped``), with an index of their own: however many there are,
whoever looks for the next job of another kind does not step over them.
"""

import json

from django.conf import settings

from jobs import registry


def caps() -> dict[str, int]:
    """Return the cap of each kind that has one: the setting's, else the kind's own; 0 in the setting lifts it."""
    of_setting = settings.MCAI_KIND_CAPS
    found = {kind.name: int(of_setting.get(kind.name, kind.most_at_once or 0)) for kind in registry.all_kinds()}
    return {name: most for name, most in found.items() if most > 0}


def cap_of(kind: str) -> int | None:
    """Return how many jobs of the kind may run at once; None where any number may."""
    return caps().get(kind)


def caps_json() -> str:
    """Return the caps as the statements take them."""
    return json.dumps(caps())
