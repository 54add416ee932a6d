"""The embedded PostgreSQL and Valkey: start, wait, stop."""
