"""From a record, in whatever shape it came, to a row of ours."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from knowledge.domains import domain_name_clean
from knowledge.errors import KnowledgeError
from knowledge.importing.chat import chat_turns
from knowledge.importing.issues import RowError
from knowledge.interchange import ARCHIVED_COLUMN, COLUMNS

MAX_CHARACTERS = 1_000_000
CONTENT_NAMES = ("content", "prompt", "instruction", "question", "query", "completion", "input", "text")
RESPONSE_NAMES = ("response", "output", "answer", "completion", "reply", "target")
CHAT_NAMES = ("messages", "conversations", "conversation")
_OWN = frozenset(COLUMNS)
_NUL_ESCAPE = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")


@dataclass(frozen=True, slots=True)
class Row:
    """One example ready to be staged; ``metadata`` is JSON text. Absent identifiers and dates are given later."""

    domain: str
    content: str
    response: str
    metadata: str
    id: int | None = None
    created_at: str | None = None
    updated_at: str | None = None
    archived_at: str | None = None


def row_make(record: Mapping[str, Any], domain: str, fields: Mapping[str, str], *, pinned: bool = False) -> Row:
    """Return the row that ``record`` means.

    ``domain`` is where it goes, unless it is one of our own exports that names another and ``pinned`` is false.

    Raises
    ------
    RowError
        It has no content, or something that cannot be stored.
    """
    if own := _is_own(record):
        domain = domain if pinned else _own_domain(record)
    content, response, extra = _read(record, fields)
    _check("content", content)
    _check("response", response)
    if not content.strip():
        raise RowError("The row has no content.")
    metadata = _json(_metadata(record.get("metadata"), {} if own else extra))
    if not own:
        return Row(domain, content, response, metadata)
    dates = (_date(record, "created_at"), _date(record, "updated_at"))
    archived = _date(record, ARCHIVED_COLUMN) if record.get(ARCHIVED_COLUMN) else None
    return Row(domain, content, response, metadata, _identifier(record), *dates, archived)


def is_content_name(name: str) -> bool:
    """Say whether a column of this name holds the content."""
    return name in CONTENT_NAMES


def reach(record: Mapping[str, Any], path: str | None) -> Any:
    """Return what ``path`` leads to in ``record``, or None; dots reach into objects."""
    if path is None or path in record:
        return record.get(path) if path is not None else None
    head, dot, rest = path.partition(".")
    inner = record.get(head)
    return reach(inner, rest) if dot and isinstance(inner, Mapping) else None


def _is_own(record: Mapping[str, Any]) -> bool:
    return record.keys() - {ARCHIVED_COLUMN} == _OWN


def _own_domain(record: Mapping[str, Any]) -> str:
    try:
        return domain_name_clean(str(record["domain"]))
    except KnowledgeError as error:
        raise RowError(error.message) from error


def _read(record: Mapping[str, Any], fields: Mapping[str, str]) -> tuple[str, str, dict[str, Any]]:
    chat = next((name for name in CHAT_NAMES if isinstance(record.get(name), list)), None)
    if chat is not None and "content" not in fields:
        content, response, more = chat_turns(record[chat])
        return content, response, _without(record, {chat}) | more
    content_name = _name(record, fields.get("content"), CONTENT_NAMES)
    response_name = _name(record, fields.get("response"), tuple(n for n in RESPONSE_NAMES if n != content_name))
    used = {name for name in (content_name, response_name) if name is not None}
    content = _text(record, content_name)
    if content_name == "instruction" and (given := _text(record, "input")):
        content, used = f"{content}\n\n{given}", used | {"input"}
    return content, _text(record, response_name), _without(record, used)


def _name(record: Mapping[str, Any], mapped: str | None, known: tuple[str, ...]) -> str | None:
    if mapped is not None:
        return mapped
    present = [name for name in known if record.get(name) is not None]
    return next((name for name in present if record[name] != ""), present[0] if present else None)


def _text(record: Mapping[str, Any], name: str | None) -> str:
    value = reach(record, name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise RowError(f"{name} must be text; it is {type(value).__name__}.")
    return str(value)


def _check(name: str, text: str) -> None:
    if len(text) > MAX_CHARACTERS:
        raise RowError(f"{name} has {len(text):,} characters; {MAX_CHARACTERS:,} are the most.")
    if "\0" in text:
        raise RowError(f"{name} has a NUL character, which text cannot hold.")
    if not text.isascii():
        _check_unicode(name, text)


def _check_unicode(name: str, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        bad = text[error.start]
        what = "a byte that is none of the file's encoding" if bad == "\udcff" else f"a lone surrogate ({bad!a})"
        raise RowError(f"{name} has {what} at character {error.start + 1}.") from error


def _without(record: Mapping[str, Any], used: set[str]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if key not in used and key not in {"metadata", None}}


def _metadata(given: Any, extra: dict[str, Any]) -> dict[str, Any]:
    if isinstance(given, str):
        given = _parsed(given)
    if given is None or given == "":
        return extra
    return extra | (given if isinstance(given, dict) else {"metadata": given})


def _parsed(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=lambda _: None) if text.lstrip().startswith("{") else text
    except (ValueError, RecursionError):
        return text


def _json(metadata: dict[str, Any]) -> str:
    try:
        text = json.dumps(metadata, ensure_ascii=False, allow_nan=False, separators=(",", ":"), default=str)
    except (ValueError, RecursionError) as error:
        raise RowError(f"metadata cannot be kept as JSON: {error}.") from error
    _check("metadata", text)
    if "\\u0000" in text and _NUL_ESCAPE.search(text):
        raise RowError("metadata has a NUL character, which text cannot hold.")
    return text


def _identifier(record: Mapping[str, Any]) -> int:
    try:
        number = int(record["id"])
    except (TypeError, ValueError) as error:
        raise RowError(f"id must be a whole number; it is {record['id']!r}.") from error
    if not 0 < number < 1 << 62:
        raise RowError(f"id must be a positive number below 2**62; it is {number}.")
    return number


def _date(record: Mapping[str, Any], name: str) -> str:
    try:
        moment = datetime.fromisoformat(str(record[name]))
    except ValueError as error:
        raise RowError(f"{name} must be an ISO 8601 date with a zone; it is {record[name]!r}.") from error
    if moment.tzinfo is None:
        raise RowError(f"{name} must have a time zone; it is {record[name]!r}.")
    return moment.isoformat()
