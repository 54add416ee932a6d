"""What clients may ask of the emotion analysis, and how a request is refused."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from jobs.errors import InvalidParams
from knowledge.kinds.body import only

MOST_TEXTS = 1_000
LONGEST_TEXT = 1_000_000
LONGEST_AT_ONCE = 5_000
MOST_LABELS = 100


@dataclass(frozen=True, slots=True)
class Request:
    """The texts to read, how many scores to tell (``top``, all when None), and whether to tell their arc."""

    texts: list[str]
    top: int | None
    arc: bool

    @classmethod
    def parse(cls, body: Mapping[str, Any]) -> Self:
        """Return the request in ``body``: ``text`` or ``texts``, and ``options`` with ``top`` and ``arc``.

        The arc is told by default for a single ``text`` and not for a list. Raises `InvalidParams`.
        """
        only(body, ("text", "texts", "options"))
        options = {} if body.get("options") is None else body["options"]
        if not isinstance(options, Mapping):
            raise InvalidParams("options", "must be an object")
        only(options, ("top", "arc"), "options.")
        return cls(_texts(body), _top(options.get("top")), _arc(options.get("arc"), default="text" in body))

    def as_params(self) -> dict[str, Any]:
        """Return the request as the plain JSON that a job keeps."""
        return asdict(self)


def _texts(body: Mapping[str, Any]) -> list[str]:
    if ("text" in body) == ("texts" in body):
        raise InvalidParams("text", "send either `text` or `texts`")
    if "text" in body:
        return [_text(body["text"], "text")]
    texts = body["texts"]
    if not isinstance(texts, list) or not 1 <= len(texts) <= MOST_TEXTS:
        raise InvalidParams("texts", f"must be a list of 1 to {MOST_TEXTS:,} texts")
    return [_text(text, f"texts[{i}]") for i, text in enumerate(texts)]


def _text(text: object, field: str) -> str:
    if not isinstance(text, str):
        raise InvalidParams(field, "must be a text")
    if len(text) > LONGEST_TEXT:
        raise InvalidParams(field, f"has {len(text):,} characters; {LONGEST_TEXT:,} are read at most")
    return text


def _top(top: object) -> int | None:
    if top is None or (type(top) is int and 1 <= top <= MOST_LABELS):
        return top
    raise InvalidParams("options.top", f"must be a whole number from 1 to {MOST_LABELS}")


def _arc(arc: object, *, default: bool) -> bool:
    if arc is None:
        return default
    if isinstance(arc, bool):
        return arc
    raise InvalidParams("options.arc", "must be true or false")
