"""One thin Celery task that runs any kind, and what its worker does when a child of its dies."""

import logging
import os
import signal
import socket
from typing import Any
from uuid import UUID, uuid4

from celery import Task, bootsteps, shared_task, signals
from celery.worker.request import Request
from django.db import Error as DatabaseFault
from django.db import connection

from jobs import release, runner
from jobs.publisher import TASK_NAME

log = logging.getLogger(__name__)

# The same for a worker and its forked children, and for no other worker: made before the fork.
_INSTANCE = f"{socket.gethostname()}:{uuid4().hex[:8]}"


def worker_name(pid: int) -> str:
    """Return what a lease held by the child `pid` of this worker says in its `worker` column."""
    return f"{_INSTANCE}:{pid}"


class JobRequest(Request):
    """What the worker's main process knows of a message in hand: when its child dies, the job goes back at once."""

    def on_failure(self, exc_info: Any, send_failed_event: bool = True, return_ok: bool = False) -> Any:
        """Give the job back if its child was lost."""
        pid = getattr(self, "worker_pid", None)
        result = super().on_failure(exc_info, send_failed_event, return_ok)
        if pid is not None:
            _give_back(self.id, pid)
        return result

    def on_timeout(self, soft: bool, timeout: float) -> None:
        """Give the job back after the hard limit has killed its child."""
        pid = getattr(self, "worker_pid", None)
        super().on_timeout(soft, timeout)
        if not soft and pid is not None:
            _give_back(self.id, pid)


def _give_back(job_id: str, pid: int) -> None:
    try:
        release.release_lost(UUID(job_id), worker_name(pid))
    except DatabaseFault as error:
        log.warning("job.release_failed", extra={"error": str(error)})  # then its lease runs out
    finally:
        connection.close()  # the main process forks: its children must not inherit a connection


class JobTask(Task[Any, Any]):
    """The task class of all jobs."""

    Request = JobRequest  # type: ignore[assignment]  # Celery takes a class as well as its name


@shared_task(name=TASK_NAME, base=JobTask, ignore_result=True)
def run(job_id: str) -> str:
    """Run the job if it is still there to be run."""
    status = runner.run(UUID(job_id), worker_name(os.getpid()), _interrupt)
    return str(status) if status is not None else "not claimed"


def _interrupt() -> None:
    """Raise `SoftTimeLimitExceeded` in the child's main thread, by the signal that its soft time limit uses."""
    os.kill(os.getpid(), signal.SIGUSR1)


class ReleaseStep(bootsteps.StartStopStep):
    """Puts back what the children still hold when their worker stops, warm or cold.

    Celery's own ``worker_shutdown`` signal is not sent on a cold shutdown, a step of the blueprint is called on both.
    """

    def stop(self, parent: Any) -> None:
        """Release after a warm shutdown: usually there is nothing."""
        _release_held()

    def terminate(self, parent: Any) -> None:
        """Release before the children are killed; what they do in between is fenced off."""
        _release_held()


@signals.worker_init.connect
def add_release_step(sender: Any, **_: Any) -> None:
    """Add the step to the worker that is being made."""
    sender.app.steps["worker"].add(ReleaseStep)


def _release_held() -> None:
    try:
        release.release_all(f"{_INSTANCE}:")
    except DatabaseFault as error:
        log.warning("job.release_failed", extra={"error": str(error)})
    finally:
        connection.close()
