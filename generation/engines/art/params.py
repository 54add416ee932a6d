"""The parameters of a picture: parsed from a request, frozen, and all that is needed to draw it again."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from generation.engines.art import checks, options, record
from generation.engines.art.vocabulary import STYLES
from generation.engines.contract import Mood
from generation.engines.errors import ParameterError

LONGEST_PROMPT = 2000
_BODY = ("prompt", "style", "options", "replay")


@dataclass(frozen=True, slots=True)
class Params:
    """A picture to draw.

    ``palette`` is the name of a palette, a tuple of colours, or None to let prompt and mood choose; ``mood`` is
    set in a replay, where it stands for the one that the first picture was drawn with.
    """

    prompt: str
    style: str
    seed: int
    width: int = options.DEFAULT_SIZE
    height: int = options.DEFAULT_SIZE
    emotion: str | None = None
    palette: str | tuple[str, ...] | None = None
    background: str | None = None
    complexity: float = 0.5
    symmetry: int | None = None
    supersampling: int = 1
    variations: int = 1
    format: str = "png"
    mood: Mood | None = None

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> "Params":
        """Read the body of a request: ``prompt``, ``style`` and ``options``, or ``replay``.

        Raises
        ------
        ParameterError
            For anything missing, unknown, out of range, or tampered with.
        """
        body = checks.mapping(body, "body")
        checks.known_keys(body, _BODY)
        if body.get("replay") is not None:
            return cls._replayed(body)
        return cls._fresh(body)

    def record(self, mood: Mood) -> dict[str, Any]:
        """Return the signed JSON object from which the same picture, in the same mood, can be drawn again."""
        return record.seal(self.body() | {"mood": asdict(mood)})

    def body(self) -> dict[str, Any]:
        """Return the request body, with every option filled in, that parses to these parameters."""
        skipped = {"prompt", "style", "mood"}
        chosen = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in skipped}
        if isinstance(self.palette, tuple):
            chosen["palette"] = list(self.palette)
        return {"prompt": self.prompt, "style": self.style, "options": chosen}

    def variation(self, index: int) -> "Params":
        """Return the single picture number ``index`` of the variations; the first keeps the seed."""
        return replace(self, variations=1, seed=(self.seed + index * 7919) % (options.LARGEST_SEED + 1))

    @classmethod
    def _fresh(cls, body: Mapping[str, Any]) -> "Params":
        prompt = checks.text(body.get("prompt"), "prompt", longest=LONGEST_PROMPT)
        style = checks.choice(body.get("style", "abstract"), "style", STYLES)
        chosen = options.parse(body.get("options"), style)
        if chosen.get("seed") is None:
            chosen["seed"] = _seed_of(prompt, style, chosen.get("emotion"))
        return cls(prompt=prompt, style=style, **chosen)

    @classmethod
    def _replayed(cls, body: Mapping[str, Any]) -> "Params":
        original = record.unseal(body["replay"])
        for key in ("prompt", "style", "options"):
            if key in body and body[key] != original.get(key):
                raise ParameterError(key, "cannot be changed in a replay; leave it out")
        known = {key: value for key, value in original.items() if key != "mood"}
        return replace(cls._fresh(known), mood=record.mood(original.get("mood")))


def _seed_of(prompt: str, style: str, emotion: str | None) -> int:
    # Derived, not drawn: the same request is the same picture, also when a client sends it twice.
    digest = hashlib.sha256("\n".join((prompt, style, emotion or "")).encode()).digest()
    return int.from_bytes(digest[:4], "big")
