"""The form in which examples leave the store and come back the same."""

import re

COLUMNS = ("id", "domain", "content", "response", "metadata", "created_at", "updated_at")
"""A record with exactly these fields is one of our own exports: its identifiers and dates are kept on import."""

ARCHIVED_COLUMN = "archived_at"
"""A further field of what was exported out of the archive."""

_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_GUARDED = re.compile(r"'+[=+\-@\t\r]")


def guard(cell: str) -> str:
    """Return the cell so that no spreadsheet takes it for a formula: with an apostrophe before it."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguard(cell: str) -> str:
    """Take back what `guard` did."""
    return cell[1:] if _GUARDED.match(cell) else cell
