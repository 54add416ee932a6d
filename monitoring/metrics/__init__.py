"""What is counted as it happens, in every process, and shown on ``/metrics``.

``recorder()`` is where it is counted: a null object with ``MCAI_METRICS=0``. What can be read when asked (queues, rows,
caches) is not counted but read, in `monitoring.collectors`.
"""
