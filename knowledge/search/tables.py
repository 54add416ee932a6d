"""The tables that hold examples: the store, and the archive."""

TABLES = ("examples", "examples_archive")
