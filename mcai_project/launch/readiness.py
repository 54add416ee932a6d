"""Is it up? Asked from outside, as a client would."""

import httpx
from celery import Celery
from kombu.exceptions import OperationalError

from mcai_project.queues import QUEUE_NAMES


class Workers:
    """The workers, asked over the broker which of them listen."""

    def __init__(self, redis_url: str) -> None:
        self._app = Celery("launcher", broker=redis_url, set_as_current=False)

    def missing(self) -> set[str]:
        """Return the queues whose worker does not answer."""
        try:
            replies = self._app.control.ping(timeout=0.7) or []
        except OperationalError:
            return set(QUEUE_NAMES)
        return set(QUEUE_NAMES) - {name.partition("@")[0] for reply in replies for name in reply}


def answers(url: str) -> bool:
    """Return whether ``url`` answers with success."""
    try:
        return httpx.get(url, timeout=5).is_success
    except httpx.TransportError:
        return False
