"""The record of a picture's parameters: sealed with a digest, kept inside the file, read back for a replay."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from generation.engines.art import checks
from generation.engines.contract import Mood
from generation.engines.errors import ParameterError

ENGINE = "mcai.art/1"
_FIELDS = ("engine", "prompt", "style", "options", "mood", "digest")


def seal(body: Mapping[str, Any]) -> dict[str, Any]:
    """Add the engine's version and a SHA-256 digest over everything else."""
    content = {"engine": ENGINE, **body}
    return content | {"digest": _digest(content)}


def unseal(value: Any) -> dict[str, Any]:
    """Return the body inside a record, given as an object or as its JSON text.

    The digest guards against accidents and edits, not against someone who computes a new one: all values are
    checked again as those of any request are.
    """
    content = dict(checks.mapping(_decoded(value), "replay"))
    checks.known_keys(content, _FIELDS, at="replay.")
    missing = [name for name in _FIELDS if name not in content]
    if missing:
        raise ParameterError("replay", f"is no record of a picture: {', '.join(missing)} missing")
    if content["engine"] != ENGINE:
        raise ParameterError("replay.engine", f"must be {ENGINE!r}, not {str(content['engine'])[:40]!r}")
    if content.pop("digest") != _digest(content):
        raise ParameterError("replay", "was changed after the picture was made: its digest does not fit")
    del content["engine"]
    return content


def mood(value: Any) -> Mood:
    """Read back a recorded mood."""
    given = checks.mapping(value, "replay.mood")
    names = ("emotion", "valence", "arousal", "neuroscience_freq", "metaphysical_freq")
    checks.known_keys(given, names, at="replay.mood.")
    limits = {"valence": (-1, 1), "arousal": (-1, 1), "neuroscience_freq": (0, 1e6), "metaphysical_freq": (0, 1e6)}
    numbers = {
        name: checks.number(given[name], f"replay.mood.{name}", *limits[name])
        for name in limits
        if given.get(name) is not None
    }
    emotion = given.get("emotion")
    return Mood(emotion=None if emotion is None else checks.text(emotion, "replay.mood.emotion", longest=50), **numbers)


def dumps(content: Mapping[str, Any]) -> str:
    """Write a record as JSON with sorted keys, in ASCII, so that any metadata field can hold it."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"))


def _decoded(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise ParameterError("replay", "is no JSON") from None


def _digest(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(dumps(_plain(content)).encode()).hexdigest()


def _plain(value: Any) -> Any:
    # A client in JavaScript writes 0.0 as 0: both must have one digest.
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
