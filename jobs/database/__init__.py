"""Connections of the web process that do not wait for ever: `watchdog.install` gives them a time-out.

psycopg2 has none. Neither TCP keepalives nor ``tcp_user_timeout`` help against a server that is stopped or swapped out:
the kernel goes on acknowledging for it. So each statement notes when it began, and one thread looks after them all.
"""
