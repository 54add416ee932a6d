"""The kinds of job that this room offers."""
