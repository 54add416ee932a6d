"""Users and jobs as in the room of jobs, and a reader of ``/metrics``."""

from collections.abc import Callable

import pytest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample
from rest_framework.test import APIClient

from tests.jobs.conftest import alice, bob, charlie, client, files_folder, submit_job

__all__ = ["alice", "bob", "charlie", "client", "files_folder", "submit_job"]

Read = Callable[..., float]


def samples_of(text: str) -> list[Sample]:
    return [sample for family in text_string_to_metric_families(text) for sample in family.samples]


def total(samples: list[Sample], name: str, **labels: str) -> float:
    """Return the sum of the samples of that name that bear these labels; 0 where there is none."""
    return sum(s.value for s in samples if s.name == name and labels.items() <= s.labels.items())


def value_in(text: str, name: str, **labels: str) -> float:
    return total(samples_of(text), name, **labels)


def metrics_text(client: APIClient) -> str:
    answer = client.get("/metrics")
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


@pytest.fixture
def read(client: APIClient) -> Read:
    """Read one value from ``/metrics``: ``read("mc_ai_requests_total", method="GET")``."""
    return lambda name, **labels: value_in(metrics_text(client), name, **labels)
