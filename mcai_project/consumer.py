"""Celery's consumer, whose events do not stand in the way of the jobs.

A worker tells Flower of each job three times. Celery sends what it has to tell before it hands the job to the child
that shall do it; here that waits for a fraction of a second, and goes out in one message with all that came meanwhile.
"""

from typing import Any

from celery.worker.consumer import Consumer

_EVENTS_SECONDS = 0.1


class QuietConsumer(Consumer):
    """A consumer that sends the events of a moment together."""

    hub: Any
    _flush_events: Any
    _waits = False

    def on_send_event_buffered(self) -> None:  # type: ignore[override]  # what it returns, nobody reads
        """Send the events in a moment."""
        if self.hub and not self._waits:
            self._waits = True
            self.hub.call_later(_EVENTS_SECONDS, self._send_events)

    def _send_events(self) -> None:
        self._waits = False
        self._flush_events()
