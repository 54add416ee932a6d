"""After a test that commits: the database as the migrations left it.

Django's flush truncates every table, which takes 0.14 s, and takes the rows with it that migrations wrote (the groups
of users), so that it mattered which test came before. Here only the tables that a test has changed are seen to.
"""

import time
from typing import Any

from django.db import connection, transaction

Cursor = Any
_PATIENCE = 10.0

# Those with triggers first: what the triggers write to other tables is gone with the rest.
_TABLES = """
SELECT relname, EXISTS (SELECT FROM pg_trigger WHERE tgrelid = pg_class.oid AND NOT tgisinternal) AS has_triggers
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY has_triggers DESC, relname
"""
_ACTIVE = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state = 'active'
"""


class Migrated:
    """The database that the migrations have just made."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_TABLES)
            self._tables = dict[str, bool](cursor.fetchall())
            self._kept = [table for table in self._tables if _holds(cursor, f"TABLE {table}")]
            cursor.execute("DROP SCHEMA IF EXISTS kept CASCADE")
            cursor.execute("CREATE SCHEMA kept")
            for table in self._kept:
                cursor.execute(f"CREATE TABLE kept.{table} AS TABLE {table}")
        self._find_changed = " UNION ALL ".join(map(self._changed, self._tables))

    def restore(self) -> None:
        """Make every table hold again what the migrations left in it."""
        with transaction.atomic(), connection.cursor() as cursor:
            _wait_for_others(cursor)
            cursor.execute(self._find_changed)
            for (table,) in cursor.fetchall():
                # A deletion would call the triggers, and leave its dead in the indexes of search.
                cursor.execute(f"TRUNCATE {table}" if self._tables[table] else f"DELETE FROM {table}")
                if table in self._kept:
                    cursor.execute(f"INSERT INTO {table} OVERRIDING SYSTEM VALUE TABLE kept.{table}")

    def _changed(self, table: str) -> str:
        """Return a query for the name of ``table`` where it holds something else than it did."""
        if table not in self._kept:
            return f"SELECT '{table}' WHERE EXISTS (TABLE {table})"
        lost, added = f"TABLE kept.{table} EXCEPT TABLE {table}", f"TABLE {table} EXCEPT TABLE kept.{table}"
        return f"SELECT '{table}' WHERE EXISTS ({lost}) OR EXISTS ({added})"


def _holds(cursor: Cursor, query: str) -> bool:
    cursor.execute(f"SELECT EXISTS ({query})")
    return bool(cursor.fetchone()[0])


def _wait_for_others(cursor: Cursor) -> None:
    """Wait for the statement that a process may have begun before it was killed."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        cursor.execute(_ACTIVE)
        if not cursor.fetchone()[0] or time.monotonic() > deadline:
            return
        time.sleep(0.01)
