"""Chat transcripts: the last answer is the response, what led to it the content."""

from collections.abc import Mapping, Sequence
from typing import Any

from knowledge.importing.issues import RowError

ROLES = {"human": "user", "gpt": "assistant", "bot": "assistant", "model": "assistant", "chatgpt": "assistant"}


def chat_turns(messages: Sequence[Any]) -> tuple[str, str, dict[str, Any]]:
    """Return content, response and metadata of a list of messages.

    A message has ``role`` and ``content``, or ``from`` and ``value``. One question is the content as it stands;
    several turns become a transcript with the role before each.
    """
    turns = [_turn(message) for message in messages]
    system = "\n\n".join(text for role, text in turns if role == "system")
    spoken = [(role, text) for role, text in turns if role != "system"]
    response = spoken.pop()[1] if spoken and spoken[-1][0] == "assistant" else ""
    content = spoken[0][1] if len(spoken) == 1 else "\n\n".join(f"{role}: {text}" for role, text in spoken)
    extra: dict[str, Any] = {"system": system} if system else {}
    return content, response, extra | ({"turns": len(spoken)} if len(spoken) > 1 else {})


def _turn(message: Any) -> tuple[str, str]:
    if not isinstance(message, Mapping):
        raise RowError(f"A message is an object; this is {type(message).__name__}.")
    role = str(message.get("role") or message.get("from") or "user").lower()
    return ROLES.get(role, role), _spoken(message.get("content", message.get("value")))


def _spoken(content: Any) -> str:
    if isinstance(content, list):
        return "\n".join(str(part["text"]) for part in content if isinstance(part, Mapping) and part.get("text"))
    if content is None or isinstance(content, str):
        return content or ""
    raise RowError(f"The content of a message must be text; it is {type(content).__name__}.")
