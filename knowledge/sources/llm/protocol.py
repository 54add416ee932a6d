"""OpenAI's chat completions, whole and streamed.

https://platform.openai.com/docs/api-reference/chat
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import httpx
import orjson

from knowledge.sources.contract import Listener, SourceFailure
from knowledge.sources.deadline import Deadline
from knowledge.sources.llm.models import Model
from knowledge.sources.net.fetch import as_json, bounded, exchange, read_bounded
from knowledge.sources.reading_json import clean, number_at, text_at

CHARACTERS_A_TOKEN = 4
"""A rule of thumb for endpoints that do not count."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What a model said; tokens are None where it did not count them."""

    text: str
    finish_reason: str
    prompt_tokens: int | None
    completion_tokens: int | None


def complete(
    model: Model, messages: Sequence[dict[str, str]], deadline: Deadline, listener: Listener | None = None
) -> Completion:
    """Ask ``model``; ``listener`` hears the text piece by piece.

    Raises
    ------
    SourceFailure
    """
    body = {"model": model.model, "messages": list(messages), "max_tokens": model.max_tokens, "temperature": 0.2}
    if listener:
        body |= {"stream": True, "stream_options": {"include_usage": True}}
    url = httpx.URL(f"{model.url.rstrip('/')}/chat/completions")
    with exchange("POST", url, deadline, headers=_headers(model), content=orjson.dumps(body)) as response:
        return _read(response, listener)


def _read(response: httpx.Response, listener: Listener | None) -> Completion:
    if response.status_code >= 300:
        raise SourceFailure(f"HTTP {response.status_code}: no redirect is followed with a key", refused=True)
    if listener and response.headers.get("content-type", "").startswith("text/event-stream"):
        return _joined(_events(bounded(response)), listener)
    whole = _whole(as_json(read_bounded(response)))
    if listener:
        listener.piece(whole.text)
    return whole


def _whole(body: Any) -> Completion:
    choice = _choice(body)
    return Completion(text_at(choice, "message", "content"), text_at(choice, "finish_reason"), *_usage(body))


def _joined(events: Iterable[Any], listener: Listener) -> Completion:
    pieces: list[str] = []
    reason, usage = "", _usage(None)
    for event in events:
        usage = _usage(event) if number_at(event, "usage", "completion_tokens") is not None else usage
        if not event.get("choices"):
            continue
        choice = _choice(event)
        if piece := _piece(choice):
            pieces.append(piece)
            listener.piece(piece)
        reason = text_at(choice, "finish_reason") or reason
    if not reason:
        raise SourceFailure("the stream was cut short")
    return Completion(clean("".join(pieces)), reason, *usage)


def _events(body: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Yield the JSON objects of a server-sent event stream, up to ``[DONE]``."""
    for line in _lines(body):
        data = line.removeprefix(b"data:").strip() if line.startswith(b"data:") else b""
        if data == b"[DONE]":
            return
        if data:
            event = as_json(data)
            if not isinstance(event, dict) or "error" in event:
                raise SourceFailure(f"an error in the stream: {text_at(event, 'error', 'message')[:200]}")
            yield event


def _lines(body: Iterable[bytes]) -> Iterator[bytes]:
    rest = b""
    for piece in body:
        *lines, rest = (rest + piece).split(b"\n")
        yield from lines
    yield rest


def _choice(body: Any) -> dict[str, Any]:
    choices = body.get("choices") if isinstance(body, dict) else None
    if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
        raise SourceFailure("an answer without 'choices'")
    return choices[0]


def _piece(choice: dict[str, Any]) -> str:
    delta = choice.get("delta")
    content = delta.get("content") if isinstance(delta, dict) else None
    return content if isinstance(content, str) else ""


def _usage(body: Any) -> tuple[int | None, int | None]:
    return number_at(body, "usage", "prompt_tokens"), number_at(body, "usage", "completion_tokens")


def _headers(model: Model) -> dict[str, str]:
    authorization = {"Authorization": f"Bearer {model.api_key}"} if model.api_key else {}
    return {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"} | authorization
