"""Fault tests: a running system, a load of jobs, and somebody who kills things (``make chaos``)."""
