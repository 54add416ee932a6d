"""The measurements of the knowledge store."""
