"""What beat asks for: a sample that is lost does no harm."""

from celery import shared_task

from monitoring import records


@shared_task(name="monitoring.sample", ignore_result=True)
def sample() -> None:
    """Take a sample of how the system does."""
    records.sample()
