"""How Celery is configured, each setting with its reason. `settings` holds them under the prefix ``CELERY_``.

The principle: the job's row is the truth and its lease the one way of recovery. Whatever Celery offers for the same
purpose (late acknowledgement, result backend, retries, countdowns) is off, so that there is one answer to each
question.
"""

from typing import Any

from celery.schedules import crontab

from mcai_project.queues import QUEUE_NAMES, kombu_queues


def celery_settings(broker_url: str, schedule_path: str) -> dict[str, Any]:
    """Return Celery's settings, in its own lower-case names."""
    return {
        "broker_url": broker_url,
        # JSON only: a pickle from a broker that someone else can write to is code that runs here.
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_queues": kombu_queues(),
        "task_default_queue": QUEUE_NAMES[-1],
        # A typing mistake in a queue's name must be an error, not a queue that nobody serves.
        "task_create_missing_queues": False,
        # The message goes before the work: were it kept, a slow job would be delivered twice, and a poison job
        # for ever. (The queues want no acknowledgement at all, see `queues`.)
        "task_acks_late": False,
        "task_ignore_result": True,
        "result_backend": None,
        # The row says how a job stands; a broker that is away must not be waited for.
        "task_publish_retry": False,
        "broker_connection_timeout": 1,
        "broker_transport_options": {
            # Above the second that an idle worker waits in BRPOP, below what a client would wait.
            "socket_timeout": 2,
            "socket_connect_timeout": 1,
            "socket_keepalive": True,
            # No connection retries inside a publish: measured, they cost 6 s against a closed port.
            "max_retries": 0,
            "interval_start": 0,
            "interval_step": 0,
            "interval_max": 0,
            # Nothing is ever left unacknowledged on purpose; a message in doubt waits for nobody.
            "visibility_timeout": 3600,
        },
        # Workers come back by themselves when the broker does, however long it takes.
        "broker_connection_retry": True,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        # A message held by a busy worker is one that an idle one cannot take.
        "worker_prefetch_multiplier": 1,
        "worker_disable_prefetch": True,
        # SIGTERM (remapped to SIGQUIT, see the Procfile) gives running jobs so long to end; the rest is released.
        # (worker_soft_shutdown_timeout stands in `settings`, from the environment.)
        "worker_enable_soft_shutdown_on_idle": False,
        # A leak in a library must not grow for ever: worker_max_tasks_per_child and worker_max_memory_per_child stand
        # in `settings` too.
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        # The lines of this project are structured; Celery's own handlers would write over them.
        "worker_hijack_root_logger": False,
        # Flower lives by the workers' events. The one of sending would be a second round trip for each submission,
        # to say what the job's row says already.
        "worker_send_task_events": True,
        "worker_consumer": "mcai_project.consumer:QuietConsumer",
        "task_send_sent_event": False,
        "timezone": "UTC",
        "beat_schedule_filename": schedule_path,
        "beat_schedule": {
            "sample": {"task": "monitoring.sample", "schedule": 60.0, "options": {"expires": 50}},
            "embed-pending": {"task": "knowledge.embed_pending", "schedule": 600.0, "options": {"expires": 500}},
            "keep-cache": {"task": "knowledge.keep_cache", "schedule": 3600.0, "options": {"expires": 3000}},
            "rotate": {"task": "knowledge.rotate", "schedule": crontab(hour=3, minute=7), "options": {"expires": 3600}},
            "prune-history": {
                "task": "knowledge.prune_history",
                "schedule": crontab(hour=4, minute=7),
                "options": {"expires": 3600},
            },
        },
    }
