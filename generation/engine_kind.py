"""How an engine becomes a kind of job: parse, feel, generate."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import Any, Protocol, cast

from generation.engines.contract import Mood, Progress, Result
from generation.engines.errors import ParameterError
from generation.mood import mood_named
from jobs.errors import InvalidParams
from jobs.outcome import Outcome, OutFile
from jobs.registry import Kind
from jobs.registry import Progress as JobProgress


class EngineParams(Protocol):
    """What every engine's parameters can do."""

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> "EngineParams":
        """Read a request's body."""


class Engine(Protocol):
    """What every engine's package offers."""

    Params: type[EngineParams]

    def generate(self, params: EngineParams, *, mood: Mood, progress: Progress) -> Result:
        """Do the work."""


MoodOf = Callable[[Mapping[str, Any]], Mood]


def engine_kind(name: str, engine: str, *, mood_of: MoodOf, time_limit: int = 300) -> Kind:
    """Return the kind of job, named like its queue, that runs the engine of the given package."""

    def validate(body: Mapping[str, Any]) -> dict[str, Any]:
        return _validated(engine, body)

    def handler(params: dict[str, Any], progress: JobProgress) -> Outcome:
        result = produce(engine, params, mood=mood_of(params), progress=progress)
        return Outcome(result.data, tuple(OutFile(f.name, f.media_type, f.content, f.meta) for f in result.files))

    return Kind(name, name, validate, handler, time_limit)


def produce(name: str, body: Mapping[str, Any], *, mood: Mood, progress: Progress) -> Result:
    """Run an engine on a request's body. Raises `InvalidParams`."""
    engine = _engine(name)
    with _named():  # what only the work itself finds out, such as a file that is no sound
        return engine.generate(engine.Params.parse(body), mood=mood, progress=progress)


def _validated(name: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the job's row keeps of a body: the body itself, with the seed that was drawn for it."""
    with _named():
        params = _engine(name).Params.parse(body)
    for field, emotion in (("emotion", body.get("emotion")), ("options.emotion", _options(body).get("emotion"))):
        if emotion is not None:
            mood_named(str(emotion), field)
    seed = getattr(params, "seed", None)
    return dict(body) if seed is None or "replay" in body else {**body, "options": {**_options(body), "seed": seed}}


@contextmanager
def _named() -> Iterator[None]:
    """Turn an engine's error of a parameter into the one that the job engine and the API know."""
    try:
        yield
    except ParameterError as error:
        raise InvalidParams(error.field, error.message) from error


def _options(body: Mapping[str, Any]) -> Mapping[str, Any]:
    return body.get("options") or {}


def _engine(name: str) -> Engine:
    # Loaded with its first job: a worker of one queue has no use for the other engines.
    return cast(Engine, import_module(f"generation.engines.{name}"))
