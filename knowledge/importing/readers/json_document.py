"""JSON in its three layouts: an array, a document with a list inside, an object a line."""

import io
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from knowledge.importing.encoding import peeked
from knowledge.importing.issues import RowError, Unreadable
from knowledge.importing.lines import numbered
from knowledge.importing.readers.json_window import DECODER, Window

LIST_KEYS = ("examples", "data", "rows", "items", "records", "entries")
_LIST_INSIDE = re.compile(rf'"(?:{"|".join(LIST_KEYS)})"\s*:\s*\[')

Rows = Iterator[tuple[int, dict[str, Any] | RowError]]


def read_json(stream: io.TextIOWrapper, on_header: Callable[[dict[str, Any]], None]) -> Rows:
    """Yield each object with the number of its first line, whatever the layout.

    Raises
    ------
    Unreadable
        The document is broken from some line on.
    """
    head = peeked(stream).lstrip("\ufeff \t\r\n")
    if head.startswith("["):
        return _array(stream)
    if head.startswith("{") and not _is_lines(head):
        return _document(Window(stream), on_header)
    return _lines(stream)


def _is_lines(head: str) -> bool:
    """Tell an object a line from one document, by the beginning of the text."""
    first, newline, rest = head.partition("\n")
    if _LIST_INSIDE.search(first):
        return False
    try:
        json.loads(first)
    except ValueError:
        return (bool(newline) and rest.lstrip().startswith("{") and first.strip() != "{") or not newline
    except RecursionError:
        return True
    return True


def _lines(stream: io.TextIOBase) -> Rows:
    for number, line in numbered(stream):
        if isinstance(line, RowError):
            yield number, line
        elif stripped := line.strip("\ufeff \t\r\n"):
            yield number, _row(stripped)


def _row(text: str) -> dict[str, Any] | RowError:
    try:
        return _object(DECODER.decode(text))
    except json.JSONDecodeError as error:
        return RowError(f"This is no JSON: {error.msg} at column {error.colno}.")
    except (RecursionError, ValueError) as error:
        return RowError(f"This JSON cannot be read: {error}.")


def _object(value: Any) -> dict[str, Any] | RowError:
    if isinstance(value, str):
        return {"content": value}
    return value if isinstance(value, dict) else RowError(f"An example is an object; this is {type(value).__name__}.")


def _array(stream: io.TextIOBase) -> Rows:
    window = Window(stream)
    window.peek()
    return _elements(window)


def _document(window: Window, on_header: Callable[[dict[str, Any]], None]) -> Rows:
    header: dict[str, Any] = {}
    window.take("{")
    while window.peek() == '"':
        key = str(window.value())
        window.take(":")
        if key in LIST_KEYS and window.peek() == "[":
            on_header(header)
            yield from _elements(window)
            return
        header[key] = window.value()
        if window.peek() == ",":
            window.take(",")
    window.take("}")
    yield 1, header


def _elements(window: Window) -> Rows:
    window.take("[")
    while window.peek() not in {"]", ""}:
        line = window.line
        try:
            yield line, _object(window.value())
        except Unreadable as error:
            yield error.line, RowError(str(error))
            if not window.skip_to_sibling():
                raise Unreadable(error.line, "The rest of the document cannot be read.") from error
            continue
        if window.peek() == ",":
            window.take(",")
    window.take("]")
