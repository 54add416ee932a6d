"""The analysis of texts, and the training of the model that does it, as kinds of job."""

from collections.abc import Mapping
from typing import Any

from jobs.outcome import Outcome
from jobs.registry import Kind, Progress
from knowledge.emotions.request import Request


def validate(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the job keeps of a request. Raises `InvalidParams`."""
    return Request.parse(body).as_params()


def analyse(params: dict[str, Any], progress: Progress) -> Outcome:
    """Read the texts."""
    from knowledge.emotions.reading import texts_read  # numpy: workers of other queues have no use for it

    return Outcome(texts_read(progress=progress, **params))


EMOTION = Kind("emotion", "emotion", validate, analyse)
