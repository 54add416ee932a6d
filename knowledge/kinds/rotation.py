"""Rotation as a kind of job: the whole of it is one statement in the finishing transaction."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from jobs.outcome import Outcome
from jobs.registry import Kind, Progress
from knowledge.domains import dataset_get
from knowledge.errors import KnowledgeError
from knowledge.kinds import body as read
from knowledge.rotation import rotation_run

FIELDS = ("domain", "max_examples", "dry_run")
MOST = 1_000_000_000


def validate(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a rotation. Raises `InvalidParams`."""
    read.only(body, FIELDS)
    domain = read.text(body, "domain")
    params = {
        "domain": domain,
        "max_examples": read.whole(body, "max_examples", 0, MOST),
        "dry_run": read.truth(body, "dry_run"),
    }
    try:
        if domain is not None:
            dataset_get(domain)
    except KnowledgeError as error:
        raise read.refused(error) from error
    return params


def handle(params: dict[str, Any], progress: Progress) -> Outcome:
    """Rotate when the job is finished, so that the effect happens once."""
    actor = read.actor()

    def rotate() -> dict[str, Any]:
        try:
            rotated = rotation_run(actor=f"rotation for {actor}", **params)
        except KnowledgeError as error:  # the domain went away meanwhile
            raise read.refused(error) from error
        return {"domains": [asdict(one) for one in rotated]}

    progress(0.5, "rotating")
    return Outcome({"dry_run": params["dry_run"]}, commit=rotate)


ROTATION = Kind("rotation", "data", validate, handle)
