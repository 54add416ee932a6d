"""The REST face of the engines."""
