"""A window that moves over a JSON text, so that a document of any size takes the memory of one value."""

import io
import json
from typing import Any

from knowledge.importing.issues import Unreadable
from knowledge.importing.lines import MAX_LINE_CHARACTERS

CHUNK_CHARACTERS = 1 << 18
SPACE = " \t\r\n\ufeff"
DECODER = json.JSONDecoder(parse_constant=lambda _: None)
"""NaN and the infinities, which JSON lacks but Python writes, become null."""


class Window:
    """A text from its current place on; ``line`` is the line of that place, from 1."""

    def __init__(self, stream: io.TextIOBase) -> None:
        self.line = 1
        self._stream = stream
        self._text = ""
        self._at = 0
        self._indent: str | None = None

    def peek(self) -> str:
        """Go over white space and return the next character, or an empty string at the end."""
        while True:
            end = self._at
            while end < len(self._text) and self._text[end] in SPACE:
                end += 1
            self._move(end)
            if end < len(self._text):
                return self._text[end]
            if not self._more(CHUNK_CHARACTERS):
                return ""

    def take(self, character: str) -> None:
        """Go over ``character``, which must come next."""
        found = self.peek()
        if found != character:
            raise Unreadable(self.line, f"{character!r} should stand here, not {found or 'the end'!r}.")
        self._move(self._at + 1)

    def value(self) -> Any:
        """Return the value that comes next and go over it."""
        self.peek()
        self._note_indent()
        size = CHUNK_CHARACTERS
        while True:
            try:
                found, end = DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                line = self._line_of(error.pos)
                if len(self._text) - self._at > MAX_LINE_CHARACTERS or not self._more(size):
                    raise Unreadable(line, f"This is no JSON: {error.msg}.") from error
                size *= 2
            except (RecursionError, ValueError) as error:
                raise Unreadable(self.line, f"This JSON cannot be read: {error}.") from error
            else:
                if end < len(self._text) or not self._more(CHUNK_CHARACTERS):
                    self._move(end)
                    return found

    def skip_to_sibling(self) -> bool:
        """After a broken element go to the next that begins a line with the same indent; say whether there is one.

        Without line and indent to go by, what is nested could be mistaken for an element.
        """
        if self._indent is None:
            return False
        start = f"\n{self._indent}{{"
        while (found := self._text.find(start, self._at)) < 0:
            self._move(max(self._at, len(self._text) - len(start)))
            if not self._more(CHUNK_CHARACTERS):
                return False
        self._move(found + 1)
        return True

    def _note_indent(self) -> None:
        before = self._text[self._text.rfind("\n", 0, self._at) + 1 : self._at]
        at_line_start = self._text.rfind("\n", 0, self._at) >= 0 and not before.strip()
        self._indent = before if at_line_start else self._indent

    def _move(self, end: int) -> None:
        self.line += self._text.count("\n", self._at, end)
        self._at = end

    def _line_of(self, position: int) -> int:
        return self.line + self._text.count("\n", self._at, position)

    def _more(self, size: int) -> bool:
        chunk = self._stream.read(size)
        keep = max(self._text.rfind("\n", 0, self._at), 0)  # with the line's start, for its indent
        if self._at - keep > CHUNK_CHARACTERS:
            keep = self._at
        self._text, self._at = self._text[keep:] + chunk, self._at - keep
        return bool(chunk)
