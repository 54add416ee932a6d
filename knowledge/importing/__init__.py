"""Import: source → reader → maker → staging → apply, each a small step; errors by file and line.

`run.import_run` is the whole of it for a command; a job takes `run.import_stage` as its work and `apply.import_apply`
as the writes of its finishing transaction.
"""
