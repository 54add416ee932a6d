"""The tables of the job engine."""

from jobs.models.api_key import ApiKey
from jobs.models.job import Attempt, Dependency, Event, Job
from jobs.models.webhook import Delivery

__all__ = ["ApiKey", "Attempt", "Delivery", "Dependency", "Event", "Job"]
