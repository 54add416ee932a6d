"""SQL that a connection prepares once: the engine's few statements are planned once, not for every job.

Measured, planning takes two thirds of a claim's time on the server. `Statement` keeps the SQL readable, with named
parameters; a connection learns it with its first use, and anew every few seconds: a plan that was made for an empty
table, kept, reads all of a long queue. Behind a pooler that gives each transaction another connection nothing may be
prepared: ``DISABLE_SERVER_SIDE_CURSORS``, Django's word for such a pooler, turns it off.

It asks the connection what Django's cursor would ask, and does without that cursor's wrapping of each call: 10 of the
57 µs of processor time that a poll's statement took its caller.
"""

import re
import time
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

from django.db import connections

# A parameter's name means the same in every statement.
_TYPES = {
    "ahead": "bool", "callback_url": "text", "cap": "int", "caps": "jsonb", "cut": "float8",
    "deadline": "timestamptz", "delay": "float8", "error": "jsonb", "grace": "int", "hash": "bytea", "id": "uuid",
    "keep": "float8", "key": "text", "kind": "text", "lease": "float8", "log": "bool", "max_attempts": "int",
    "outcome": "text", "owner": "int", "params": "jsonb", "penalty": "float8", "progress": "int", "queue": "text",
    "request_id": "text", "result": "jsonb", "stage": "text", "status": "text", "step": "float8", "tier": "int",
    "time_limit": "int", "token": "uuid", "traceparent": "text", "waiting_on": "int", "window": "bigint",
    "worker": "text",
}  # fmt: skip

_PARAMETER = re.compile(r"%\((\w+)\)s")

_KEPT_SECONDS = 2.0

# By psycopg2's connection, since another has to learn anew: when each statement was learnt.
_prepared: WeakKeyDictionary[Any, dict[str, float]] = WeakKeyDictionary()


class Statement:
    """One statement under a name, with parameters as ``%(name)s``."""

    def __init__(self, name: str, sql: str) -> None:
        self.name = name
        self.sql = sql
        order = list(dict.fromkeys(_PARAMETER.findall(sql)))
        numbered = _PARAMETER.sub(lambda found: f"${order.index(found[1]) + 1}", sql).replace("%%", "%")
        self._prepare = f"PREPARE mcai_{name} ({', '.join(_TYPES[each] for each in order)}) AS {numbered}"
        self._execute = f"EXECUTE mcai_{name} ({', '.join(f'%({each})s' for each in order)})"

    def one(self, params: Mapping[str, Any], using: str = "default") -> tuple[Any, ...] | None:
        """Run it; return the first row."""
        rows = self.all(params, using)
        return rows[0] if rows else None

    def all(self, params: Mapping[str, Any], using: str = "default") -> list[tuple[Any, ...]]:
        """Run it; return the rows."""
        connection = connections[using]
        if connection.execute_wrappers or connection.queries_logged:  # somebody wants to see each statement
            with connection.cursor() as cursor:
                return self._rows(connection, cursor, params)
        connection.close_if_health_check_failed()
        connection.ensure_connection()
        connection.validate_no_broken_transaction()
        with connection.wrap_database_errors:
            return self._rows(connection, connection.create_cursor(), params)

    def _rows(self, connection: Any, cursor: Any, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        if connection.settings_dict["DISABLE_SERVER_SIDE_CURSORS"]:
            cursor.execute(self.sql, params)
        else:
            self._learn(connection, cursor)
            cursor.execute(self._execute, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _learn(self, connection: Any, cursor: Any) -> None:
        known, now = _prepared.setdefault(connection.connection, {}), time.monotonic()
        learnt = known.get(self.name)
        if learnt is None or now - learnt > _KEPT_SECONDS:
            cursor.execute(self._prepare if learnt is None else f"DEALLOCATE mcai_{self.name}; {self._prepare}")
            known[self.name] = now
