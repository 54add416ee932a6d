"""A piece of SQL with its parameters, so that statements can be put together safely."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Piece:
    """SQL with ``%s`` for each of its parameters."""

    sql: str
    parameters: tuple[Any, ...] = ()

    def __add__(self, other: "Piece") -> "Piece":
        return Piece(f"{self.sql} {other.sql}", (*self.parameters, *other.parameters))


def joined(pieces: Iterable[Piece], separator: str) -> Piece:
    """Return the pieces with ``separator`` between them."""
    each = list(pieces)
    return Piece(separator.join(piece.sql for piece in each), tuple(p for piece in each for p in piece.parameters))


def rows(statement: Piece) -> list[tuple[Any, ...]]:
    """Run the statement and return its rows."""
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.parameters)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
