"""The one list of queues. Routing, the Procfile, health, dashboards and tests follow from it."""

from dataclasses import dataclass

from kombu import Exchange, Queue


@dataclass(frozen=True, slots=True)
class QueueSpec:
    """A queue and the worker that serves it.

    ``longest_wait`` is how many seconds a job may have to wait there to be let in; 0: for ever.
    """

    name: str
    concurrency: int
    purpose: str
    longest_wait: float = 3600.0


QUEUES: tuple[QueueSpec, ...] = (
    QueueSpec("art", 1, "pictures"),
    QueueSpec("music", 1, "pieces of music"),
    QueueSpec("cymatic", 1, "plate, membrane and water patterns"),
    QueueSpec("emotion", 1, "emotion analysis of texts"),
    QueueSpec("data", 1, "imports, exports, rotation and upkeep of the knowledge store"),
)

QUEUE_NAMES: tuple[str, ...] = tuple(spec.name for spec in QUEUES)


def kombu_queues() -> list[Queue]:
    """Return the declarations that Celery routes by: a direct exchange a queue, named alike.

    A message is gone once it is fetched: the job's row knows what became of it, and keeping the message until the
    worker has said that it has it would be two more round trips a job.
    """
    return [Queue(name, Exchange(name, type="direct"), routing_key=name, no_ack=True) for name in QUEUE_NAMES]
