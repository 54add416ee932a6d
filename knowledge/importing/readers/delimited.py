"""CSV and TSV, with a header or without, quoted or not."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from knowledge.importing.issues import RowError, Unreadable
from knowledge.importing.lines import MAX_LINE_CHARACTERS, numbered
from knowledge.importing.making import CONTENT_NAMES, is_content_name, reach
from knowledge.importing.options import ImportOptions
from knowledge.interchange import COLUMNS, unguard

DELIMITERS = ",;\t|"
csv.field_size_limit(MAX_LINE_CHARACTERS)


def read_delimited(
    stream: io.TextIOBase, delimiter: str | None, options: ImportOptions
) -> Iterator[tuple[int, dict[str, Any] | RowError]]:
    """Yield each row as a mapping by column, with the number of its first line.

    Raises
    ------
    Unreadable
        No column holds the content.
    """
    lines = _Lines(stream)
    first = next(lines, "")
    rows = csv.reader(_Chained(first, lines), delimiter=delimiter or _delimiter(first), doublequote=True)
    columns = ["content", "response"] if not options.header else _columns(next(_rows(rows, lines), (1, []))[1], options)
    exact = tuple(columns[: len(COLUMNS)]) == COLUMNS
    for line, row in _rows(rows, lines):
        if isinstance(row, RowError):
            yield line, row
        elif any(row):
            yield line, _own(columns, row) if exact else _record(columns, row)


class _Lines:
    """Lines for the csv module; a line that is too long stops the row that it belongs to."""

    def __init__(self, stream: io.TextIOBase) -> None:
        self._numbered = numbered(stream)
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        self.number, line = next(self._numbered)
        if isinstance(line, RowError):
            raise line
        return line


class _Chained:
    """``first`` and then the rest; unlike a generator it survives the error of one line."""

    def __init__(self, first: str, rest: _Lines) -> None:
        self._first: str | None = first or None
        self._rest = rest

    def __iter__(self) -> "_Chained":
        return self

    def __next__(self) -> str:
        if self._first is None:
            return next(self._rest)
        first, self._first = self._first, None
        return first


def _rows(rows: Iterator[list[str]], lines: _Lines) -> Iterator[tuple[int, Any]]:
    start = 1
    while True:
        try:
            row: Any = next(rows)
        except StopIteration:
            return
        except (RowError, csv.Error) as error:
            row = RowError(str(error))
        yield start, row
        start = lines.number + 1


def _delimiter(header: str) -> str:
    return max(DELIMITERS, key=header.count)


def _columns(header: Any, options: ImportOptions) -> list[str]:
    if isinstance(header, RowError):
        raise Unreadable(1, str(header))
    names = [name.strip() for name in header]
    record = dict.fromkeys(names, "")
    if (
        names
        and not any(is_content_name(name) for name in names)
        and reach(record, options.fields.get("content")) is None
    ):
        found = ", ".join(repr(name) for name in names[:10])
        raise Unreadable(1, f"No column holds the content: found {found}; known are {', '.join(CONTENT_NAMES)}.")
    return names


def _own(columns: Sequence[str], row: list[str]) -> dict[str, Any]:
    """Return a row of one of our exports, which has every cell and guards against formulas."""
    return {name: unguard(cell) for name, cell in zip(columns, row, strict=False)}


def _record(columns: Sequence[str], row: list[str]) -> dict[str, Any] | RowError:
    if len(row) > len(columns) and any(row[len(columns) :]):
        return RowError(f"The row has {len(row)} cells, the header {len(columns)}.")
    return {name: cell for name, cell in zip(columns, row, strict=False) if cell != "" or is_content_name(name)}
