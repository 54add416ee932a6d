"""Sums over what all processes have counted."""

from dataclasses import dataclass

from django.conf import settings

from monitoring.middleware import WAITING


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests answered, and the seconds spent on those that nobody asked us to keep waiting."""

    number: int = 0
    timed: int = 0
    seconds: float = 0.0

    @property
    def mean_ms(self) -> float | None:
        """Return the mean time of an answer in ms."""
        return round(self.seconds / self.timed * 1000, 2) if self.timed else None


def requests() -> Requests:
    """Return the requests of all web processes; none with metrics off."""
    if not settings.MCAI_METRICS:
        return Requests()
    from monitoring.metrics import shared  # here: it loads the library

    number, timed, seconds = 0.0, 0.0, 0.0
    for sample in (sample for family in shared.read(settings.MCAI_METRICS_DIR) for sample in family.samples):
        if sample.name == "mc_ai_requests_total":
            number += sample.value
        elif not sample.labels.get("endpoint", WAITING).endswith(WAITING):
            timed += sample.value if sample.name == "mc_ai_request_duration_seconds_count" else 0
            seconds += sample.value if sample.name == "mc_ai_request_duration_seconds_sum" else 0
    return Requests(int(number), int(timed), seconds)
