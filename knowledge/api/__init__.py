"""The REST face of the knowledge store."""
