"""The analysis of texts, and the training of the model that does it, as kinds of job."""

from collections.abc import Mapping
from typing import Any

from jobs.errors import InvalidParams, PermanentError
from jobs.outcome import Outcome
from jobs.registry import Kind, Progress
from knowledge.domains import dataset_get
from knowledge.emotions.errors import EmotionError
from knowledge.emotions.request import Request
from knowledge.errors import KnowledgeError
from knowledge.kinds import body as read

TRAINING_SECONDS = 900
METHODS = ("refine", "anew")


def validate(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the job keeps of a request. Raises `InvalidParams`."""
    return Request.parse(body).as_params()


def analyse(params: dict[str, Any], progress: Progress) -> Outcome:
    """Read the texts."""
    from knowledge.emotions.reading import texts_read  # numpy: workers of other queues have no use for it

    return Outcome(texts_read(progress=progress, **params))


def validate_training(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters of a training. Raises `InvalidParams`.

    Activating is not among them: any client may submit jobs, but which model all texts are read by is for curators
    to say, who have seen the card.
    """
    read.only(body, ("domains", "method"))
    method = body.get("method") or METHODS[0]
    if method not in METHODS:
        raise InvalidParams("method", f"It must be one of {', '.join(METHODS)}; it is {method!r}.")
    return {"domains": _domains(body.get("domains")), "method": method}


def train(params: dict[str, Any], progress: Progress) -> Outcome:
    """Make a version, not active yet; it is kept once, with the end of the job."""
    from knowledge.emotions.versions import version_add
    from knowledge.emotions.workshop import draft_make

    try:
        draft = draft_make(progress=progress, **params)
    except (EmotionError, KnowledgeError) as error:
        raise PermanentError(str(error)) from error

    def keep() -> dict[str, Any]:
        return {"version": version_add(draft).sha256}

    return Outcome({"figures": dict(draft.figures), "card": draft.card}, commit=keep)


def _domains(names: object) -> list[str]:
    if names is None:
        return []
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise InvalidParams("domains", "It must be a list of names of domains; leave it out for all.")
    for i, name in enumerate(names):
        try:
            dataset_get(name)
        except KnowledgeError as error:
            raise InvalidParams(f"domains[{i}]", error.message) from error
    return names


EMOTION = Kind("emotion", "emotion", validate, analyse)
TRAINING = Kind("emotion-training", "emotion", validate_training, train, time_limit=TRAINING_SECONDS)
