"""Samples over time, and their charts in the admin."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from monitoring import records
from monitoring.models import PerformanceMetric
from monitoring.tasks import sample
from tests.jobs.conftest import Submit

pytestmark = pytest.mark.django_db


def put(name: str, *values: float, **labels: str) -> None:
    """Write a sample of each value, a minute apart, the last one now."""
    now = timezone.now()
    for age, value in enumerate(reversed(values)):
        row = PerformanceMetric(name=name, value=value, labels=labels, time=now - timedelta(minutes=age))
        row.time = (now - timedelta(minutes=age)).replace(second=0, microsecond=0)
        row.save()


def lines(title: str) -> dict[str, list[float]]:
    (chart,) = (chart for chart in records.charts() if chart.title == title)
    return {name: [round(value, 6) for _, value in points] for name, points in chart.lines.items()}


def test_a_sample_holds_queues_memory_requests_and_cache(submit_job: Submit) -> None:
    submit_job("test-noop")
    sample()
    assert {"requests", "request_seconds", "cache_hits", "cache_asked", "queue_depth"} <= set(
        PerformanceMetric.objects.values_list("name", flat=True)
    )
    assert PerformanceMetric.objects.get(name="queue_depth", labels={"queue": "data"}).value == 1


def test_samples_are_kept_a_bounded_time() -> None:
    put("old", 1.0)
    PerformanceMetric.objects.update(time=timezone.now() - timedelta(days=8))
    records.sample()
    assert not PerformanceMetric.objects.filter(name="old").exists()


def test_mean_times_and_rates_are_those_between_two_samples() -> None:
    put("requests", 10, 20, 20, 40)
    put("request_seconds", 1.0, 2.0, 2.0, 2.2)
    put("cache_asked", 0, 10, 20, 30)
    put("cache_hits", 0, 5, 15, 24)
    assert lines("Mean time of an answer") == {"all": [100.0, 10.0]}, "none where nobody asked"
    assert lines("Cache hit rate") == {"all": [50.0, 100.0, 90.0]}


def test_counters_that_began_anew_do_not_show_as_negative() -> None:
    put("requests", 100, 5, 10)
    put("request_seconds", 9.0, 0.5, 1.0)
    assert lines("Mean time of an answer") == {"all": [100.0]}


def test_the_admin_draws_each_queue_as_a_line(client: Client, charlie: User) -> None:
    put("queue_depth", 1, 2, 3, queue="art")
    put("queue_depth", 3, 2, 1, queue="<b>")
    charlie.is_superuser = True
    charlie.save()
    browser = Client()
    browser.force_login(charlie)
    page = browser.get("/admin/monitoring/performancemetric/charts/?hours=1").content.decode()
    assert page.count("<polyline") == 2
    assert "Jobs waiting, at most 3" in page
    assert "&lt;b&gt;" in page, "what a label says is text"
    assert browser.get("/admin/monitoring/performancemetric/").status_code == 200


def test_who_may_not_see_samples_sees_no_charts(charlie: User) -> None:
    browser = Client()
    browser.force_login(charlie)
    assert browser.get("/admin/monitoring/performancemetric/charts/").status_code == 403
