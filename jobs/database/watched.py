"""A psycopg2 connection whose statements note by when they must be done."""

import os
import socket
import threading
import time
from typing import Any, Protocol

import psycopg2
import psycopg2.extensions


class Keeper(Protocol):
    """Who looks after connections, see `watchdog.Watchdog`."""

    @property
    def frozen(self) -> bool:
        """Whether the server is known not to answer."""

    def seconds(self) -> float:
        """Return how long a statement of this thread may take; 0 for ever."""

    def adopt(self, connection: "WatchedConnection") -> None:
        """Look after a connection that was made."""

    def suspect(self) -> None:
        """Hear that a connection could not be made."""


class WatchedConnection(psycopg2.extensions.connection):
    """A connection that `keeper` looks after."""

    keeper: Keeper

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.due: float | None = None
        self.lock = threading.Lock()
        _refuse_if_frozen(self.keeper)
        try:
            super().__init__(*args, **kwargs)
        except psycopg2.OperationalError:
            self.keeper.suspect()
            raise
        self.keeper.adopt(self)

    def commit(self) -> None:
        """Commit, in time."""
        with _InTime(self):
            super().commit()

    def rollback(self) -> None:
        """Roll back, in time."""
        with _InTime(self):
            super().rollback()

    def cut(self) -> bool:
        """End a statement under way by shutting its socket down; say whether there was one."""
        with self.lock:  # who holds it keeps the connection from being closed, and its descriptor from another's hands
            if self.due is None:
                return False
            self.due = None
            try:
                with socket.socket(fileno=os.dup(self.fileno())) as end:
                    end.shutdown(socket.SHUT_RDWR)
            except (OSError, psycopg2.Error):
                return False
        return True


class WatchedCursor(psycopg2.extensions.cursor):
    """A cursor of such a connection. What is fetched was sent already, but for a cursor that the server keeps."""

    def execute(self, *args: Any, **kwargs: Any) -> None:
        """Execute, in time."""
        with _InTime(self.connection):
            super().execute(*args, **kwargs)

    def executemany(self, *args: Any, **kwargs: Any) -> None:
        """Execute, in time."""
        with _InTime(self.connection):
            super().executemany(*args, **kwargs)

    def fetchmany(self, *args: Any, **kwargs: Any) -> list[tuple[Any, ...]]:
        """Fetch, in time."""
        if self.name is None:
            return super().fetchmany(*args, **kwargs)
        with _InTime(self.connection):
            return super().fetchmany(*args, **kwargs)


class _InTime:
    """Notes by when the body must be done."""

    __slots__ = ("_connection", "_seconds")

    def __init__(self, connection: Any) -> None:
        self._connection: WatchedConnection = connection

    def __enter__(self) -> None:
        connection = self._connection
        self._seconds = connection.keeper.seconds()
        if self._seconds:
            _refuse_if_frozen(connection.keeper)
            connection.due = time.monotonic() + self._seconds

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        if not self._seconds:
            return
        connection = self._connection
        with connection.lock:
            was_cut, connection.due = connection.due is None, None
        if was_cut and kind is not None and issubclass(kind, psycopg2.Error):
            message = f"The database did not answer within {self._seconds:g} seconds."
            raise psycopg2.OperationalError(message) from error


def _refuse_if_frozen(keeper: Keeper) -> None:
    if keeper.frozen and keeper.seconds():
        raise psycopg2.OperationalError("The database did not answer a moment ago.")
