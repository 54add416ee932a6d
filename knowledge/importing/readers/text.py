"""TXT: a paragraph or a line makes an example."""

import io
from collections.abc import Iterator
from typing import Any

from knowledge.importing.issues import RowError
from knowledge.importing.lines import numbered
from knowledge.importing.making import MAX_CHARACTERS


def read_text(stream: io.TextIOBase, unit: str) -> Iterator[tuple[int, dict[str, Any] | RowError]]:
    """Yield each line, or each run of lines between blank ones, with the number of its first line."""
    return _lines(stream) if unit == "line" else _paragraphs(stream)


def _lines(stream: io.TextIOBase) -> Iterator[tuple[int, dict[str, Any] | RowError]]:
    for number, line in numbered(stream):
        if isinstance(line, RowError):
            yield number, line
        elif line.strip():
            yield number, {"content": line.strip()}


def _paragraphs(stream: io.TextIOBase) -> Iterator[tuple[int, dict[str, Any] | RowError]]:
    first, size, kept = 0, 0, list[str]()
    for number, line in numbered(stream):
        if isinstance(line, RowError):
            yield number, line
        elif line.strip():
            first = first or number
            size += len(line)
            if size <= MAX_CHARACTERS:
                kept.append(line.replace("\r\n", "\n").replace("\r", "\n"))
        elif first:
            yield first, _paragraph(kept, size)
            first, size, kept = 0, 0, []
    if first:
        yield first, _paragraph(kept, size)


def _paragraph(lines: list[str], size: int) -> dict[str, Any] | RowError:
    if size > MAX_CHARACTERS:
        return RowError(f"The paragraph is longer than {MAX_CHARACTERS:,} characters.")
    return {"content": "".join(lines).strip()}
