"""The model in memory: loaded on first use, changed when another version is activated, dropped when idle."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from knowledge.emotions.artifact import Model
from knowledge.emotions.shipped import shipped_model
from knowledge.emotions.versions import SHIPPED, active_version, version_content

IDLE_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model and the version it is."""

    version: str
    model: Model


class Provider:
    """Holds at most one model. Safe to use from many threads; a job keeps the model it began with."""

    def __init__(self, idle: float = IDLE_SECONDS, clock: Callable[[], float] = time.monotonic) -> None:
        self._idle = idle
        self._clock = clock
        self._lock = threading.Lock()
        self._loaded: Loaded | None = None
        self._used = 0.0
        self._timer: threading.Timer | None = None

    def current(self) -> Loaded:
        """Return the active model; one indexed query tells whether it is the one in memory."""
        version = active_version()
        with self._lock:
            if self._loaded is None or self._loaded.version != version:
                self._loaded = Loaded(version, _load(version))
            self._used = self._clock()
            self._watch()
            return self._loaded

    @property
    def is_loaded(self) -> bool:
        """Whether a model is in memory."""
        return self._loaded is not None

    def drop_if_idle(self) -> None:
        """Forget the model if nobody used it for the idle time; look again later if somebody did."""
        with self._lock:
            self._timer = None
            if self._clock() - self._used >= self._idle:
                self._loaded = None
            else:
                self._watch()

    def _watch(self) -> None:
        """See to it that a timer runs; one that was inherited through a fork does not."""
        if self._timer is None or not self._timer.is_alive():
            self._timer = threading.Timer(self._idle, self.drop_if_idle)
            self._timer.daemon = True
            self._timer.start()


def _load(version: str) -> Model:
    return shipped_model() if version == SHIPPED else Model.from_bytes(version_content(version))


provider = Provider()
"""The model of this process."""
