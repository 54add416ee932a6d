"""The peers: a bare Celery no-op, an RQ no-op, a Flask view that enqueues, minimal DRF views."""

import os
import time

import redis
from celery import Celery

URL = os.environ.get("REDIS_URL", "redis://127.0.0.1:9")
DONE = "bench:done"

celery = Celery("peer", broker=URL)
celery.conf.update(task_ignore_result=True, task_default_queue="bench-celery", broker_connection_retry_on_startup=True)

_client = redis.Redis.from_url(URL)


@celery.task(name="bench.noop")
def celery_noop(number: int) -> None:
    """Say when it was done."""
    _client.rpush(DONE, f"{number}:{time.time()}")


def rq_noop(number: int) -> None:
    """Say when it was done."""
    redis.Redis.from_url(URL).rpush(DONE, f"{number}:{time.time()}")


def flask_application() -> object:
    """Return a Flask application that enqueues an RQ job for each request."""
    from flask import Flask
    from rq import Queue

    application = Flask("peer")
    queue = Queue("bench-rq", connection=_client)

    @application.post("/submit")
    def submit() -> tuple[dict[str, str], int]:
        return {"job_id": queue.enqueue(rq_noop, 0).id}, 202

    return application


class LazyFlask:
    """Builds the application with the first request, in the forked worker."""

    _built = None

    def __call__(self, environ: object, start_response: object) -> object:
        self._built = self._built or flask_application()
        return self._built(environ, start_response)  # type: ignore[operator]


flask_app = LazyFlask()
