"""Celery's consumer, whose events do not stand in the way of the jobs.

A worker tells Flower of each job three times. Celery sends what it has to tell before it hands the job to the child
that shall do it; here that waits for a fraction of a second, and goes out in one message with all that came meanwhile.
"""

import time
from typing import Any

from celery.worker.consumer import Consumer

_EVENTS_SECONDS = 0.1


class QuietConsumer(Consumer):
    """A consumer that sends the events of a moment together."""

    hub: Any
    _flush_events: Any
    _sent_at = 0.0

    def on_send_event_buffered(self) -> None:  # type: ignore[override]  # what it returns, nobody reads
        """Send the events in a moment, with those that come until then."""
        now = time.monotonic()
        if self.hub and now >= self._sent_at:
            self._sent_at = now + _EVENTS_SECONDS
            self.hub.call_later(_EVENTS_SECONDS, self._flush_events)
