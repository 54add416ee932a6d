"""The lines of a text, numbered, none longer than a row may be."""

import io
from collections.abc import Iterator

from knowledge.importing.issues import RowError

MAX_LINE_CHARACTERS = 4_000_000


def numbered(stream: io.TextIOBase) -> Iterator[tuple[int, str | RowError]]:
    """Yield each line with its number from 1; of one that is too long only the error, so that memory stays flat."""
    number = 0
    while line := stream.readline(MAX_LINE_CHARACTERS):
        number += 1
        if len(line) == MAX_LINE_CHARACTERS and not line.endswith(("\n", "\r")):
            _skip_rest(stream)
            yield number, RowError(f"The line is longer than {MAX_LINE_CHARACTERS:,} characters.")
        else:
            yield number, line


def _skip_rest(stream: io.TextIOBase) -> None:
    while (rest := stream.readline(MAX_LINE_CHARACTERS)) and not rest.endswith(("\n", "\r")):
        pass
