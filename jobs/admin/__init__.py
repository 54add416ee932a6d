"""The job engine in the admin."""

from jobs.admin.job import JobAdmin
from jobs.admin.key import ApiKeyAdmin

__all__ = ["ApiKeyAdmin", "JobAdmin"]
