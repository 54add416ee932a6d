"""The backend that Django loads by its folder's name."""

import select
from typing import Any

import psycopg2
from django.db.backends.postgresql import base
from psycopg2.extensions import TRANSACTION_STATUS_IDLE

_FEW = 8  # a server that ends says so and hangs up: two reads; more is other news


class DatabaseWrapper(base.DatabaseWrapper):
    """Connects anew where the server ended the connection while nobody used it: a restart is met by no statement.

    An ended connection has something to read, which one system call tells, without a round trip. Within a transaction
    nothing is done: its beginning would be lost.
    """

    def ensure_connection(self) -> None:
        """Have a connection that was alive a moment ago."""
        self._close_if_ended()
        super().ensure_connection()

    def close_if_unusable_or_obsolete(self) -> None:
        """Close an ended connection too, without making one: nobody catches an error between two requests."""
        self._close_if_ended()
        super().close_if_unusable_or_obsolete()

    def _close_if_ended(self) -> None:
        if self.connection is not None and not self.in_atomic_block and _ended(self.connection):
            self.close()


def _ended(connection: Any) -> bool:
    """Return whether the server has hung up on an idle connection."""
    if connection.closed:
        return True
    if connection.get_transaction_status() != TRANSACTION_STATUS_IDLE:
        return False
    try:
        for _ in range(_FEW):
            if not _readable(connection):
                return False
            connection.poll()  # takes in a notice or a notification, and finds the end
    except psycopg2.Error:
        return True
    return False


def _readable(connection: Any) -> bool:
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return bool(poll.poll(0))
