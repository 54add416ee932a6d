"""The REST face of the job engine."""
