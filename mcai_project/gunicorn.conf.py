"""Gunicorn: two workers forked from one loaded and frozen parent, so that they share its memory.

Two workers keep two cores busy. Their threads are more than the cores, for long polls and event streams wait, idle.
"""

import gc
import os
import select
from typing import Any

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
worker_class = "mcai_project.web_worker.OrderedWorker" if hasattr(select, "epoll") else "gthread"  # Linux, elsewhere
threads = int(os.environ.get("WEB_THREADS", "8"))
worker_connections = 4000
preload_app = True
timeout = 60
graceful_timeout = 10
keepalive = 75  # seconds: clients that poll, and a proxy before us, come again on the connection that they have
control_socket_disable = True
accesslog = os.environ.get("WEB_ACCESS_LOG") or None
# The second field, which is that of an identity nobody tells, is whom a proxy says that it answers.
access_log_format = '%(h)s %({x-forwarded-for}i)s %(u)s %(t)s "%(r)s" %(s)s %(b)s "%(f)s" "%(a)s"'
# Of what a proxy may say, the scheme alone is believed, and of those alone that FORWARDED_ALLOW_IPS names (gunicorn
# reads it; this machine's own unless set). Some proxies hand a client's SCRIPT_NAME on as it is.
secure_scheme_headers = {"X-FORWARDED-PROTO": "https"}
forwarder_headers = ""


def on_starting(_server: Any) -> None:
    """Fill the shared cache, in a process beside; give way to the databases, if started with `nice`."""
    from knowledge.cache import hooks  # here: the application is loaded by now, and was not when this file was read
    from mcai_project.yielding import give_way

    hooks.on_starting()
    give_way()


def post_fork(_server: Any, _worker: Any) -> None:
    """Give each worker connections of its own that do not wait for ever, and enter it among those that are watched."""
    from django.conf import settings

    from jobs.database import watchdog
    from knowledge.cache import hooks
    from monitoring import roster

    hooks.post_fork()
    watchdog.install(settings.MCAI_DATABASE_SECONDS)
    roster.enrol("web")


def child_exit(_server: Any, worker: Any) -> None:
    """Take note that a worker has no connections any more."""
    from mcai_project import web_shares

    web_shares.leave(worker)


def when_ready(_server: Any) -> None:
    """Load what the first request would, then put it all beyond the collector, before the workers are forked.

    A cycle of the collector in a worker would touch, and so copy, the pages it shares: measured, 37 MB each.
    """
    from django.urls import get_resolver

    _ = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
