"""The wait where a kind has a cap: its jobs wait for each other, and nobody else waits for them."""

import pytest
from django.conf import settings as django_settings
from django.db import connection
from pytest_django import Settings
from rest_framework.test import APIClient

from jobs import admission, broker, dispatch, lease, runner
from jobs.backlog import longest_wait, measure
from jobs.lanes import COMMON
from jobs.models import Job
from jobs.places import _looks, job_place
from jobs.selectors import job_get
from tests.jobs.conftest import Submit

pytestmark = pytest.mark.django_db(transaction=True)

CAPPED, OTHER = "test-noop", "test-echo"
SLOW, QUICK = 10.0, 1.0


@pytest.fixture(autouse=True)
def one_at_once(settings: Settings, submit_job: Submit) -> None:
    broker.client().delete(*django_settings.MCAI_QUEUES)
    settings.MCAI_KIND_CAPS = {CAPPED: 1}
    settings.MCAI_LONGEST_WAIT = {"data": 30.0}
    settings.MCAI_FAIRNESS_STEP = 0.0
    admission.forget()
    _looks.clear()
    for kind, seconds in ((CAPPED, SLOW), (OTHER, QUICK)):
        known_run(submit_job(kind), seconds)


def known_run(job: Job, seconds: float) -> None:
    runner.run(job.pk, "w:1")
    with connection.cursor() as cursor:
        sql = "UPDATE jobs SET started_at = finished_at - %s * interval '1 second' WHERE id = %s"
        cursor.execute(sql, [seconds, job.pk])


def three_children(submit_job: Submit, capped: int, others: int) -> tuple[list[Job], list[Job]]:
    """Let one job of the capped kind and two others run, and so many of each wait; return those that wait."""
    waiting_capped = [submit_job(CAPPED) for _ in range(capped + 1)]
    waiting_others = [submit_job(OTHER) for _ in range(others + 2)]
    for job in (waiting_capped.pop(0), waiting_others.pop(0), waiting_others.pop(0)):
        assert lease.claim(job.pk, "w:1") is not None
    return waiting_capped, waiting_others


def estimate(job: Job) -> float | None:
    view = job_get(job_id=job.pk, owner_id=None)
    assert view is not None
    return job_place(view).estimate


def test_a_job_behind_others_of_its_capped_kind_is_told_how_slowly_they_drain(submit_job: Submit) -> None:
    capped, _ = three_children(submit_job, capped=4, others=0)
    assert [estimate(job) for job in capped] == [SLOW * (ahead + 1 / 2) for ahead in range(4)]


def test_the_others_do_not_wait_for_those_that_let_them_pass(submit_job: Submit) -> None:
    _, others = three_children(submit_job, capped=50, others=4)
    assert [estimate(job) for job in others] == [QUICK * (ahead + 2 / 2) / 2 for ahead in range(4)]


def test_a_lane_that_is_too_long_is_cut_where_its_own_wait_is_too_long(submit_job: Submit) -> None:
    capped, _ = three_children(submit_job, capped=10, others=4)
    lane, common = measure("data", kind=CAPPED, bound=30.0), measure("data", kind=COMMON, bound=30.0)
    assert (lane.waiting, lane.running, lane.mean, lane.fits) == (10, 1, SLOW, 2)
    assert lane.cut == pytest.approx(capped[2].sort_at.timestamp()), "two fit, and the third is the first too late"
    assert (common.waiting, common.running, common.cut) == (4, 2, float("inf"))


def test_each_lane_is_let_in_by_its_own_length(submit_job: Submit) -> None:
    three_children(submit_job, capped=10, others=0)
    capped, other = admission.look("data", CAPPED), admission.look("data", OTHER)
    assert capped is not None
    assert other is not None
    assert (capped.wait, other.cut) == (pytest.approx(SLOW * 10.5), float("inf"))


def test_the_queue_is_as_long_as_its_longest_lane_and_its_work_is_that_of_all(submit_job: Submit) -> None:
    three_children(submit_job, capped=10, others=4)
    assert longest_wait("data") == pytest.approx(SLOW * 10.5)
    whole = measure("data")
    assert (whole.waiting, whole.running) == (14, 3)
    assert whole.work == pytest.approx((11 * SLOW + 6 * QUICK) / 17 * 15.5)


def test_jobs_that_wait_for_a_free_child_and_not_for_their_cap_stand_with_the_others(
    submit_job: Submit, settings: Settings
) -> None:
    settings.MCAI_KIND_CAPS = {CAPPED: 50}
    settings.MCAI_DISPATCH_WINDOW = 2
    for _ in range(4):
        submit_job(CAPPED)
    other = submit_job(OTHER)
    assert dispatch.fill("data") == 0, "the window is full"
    assert measure("data", kind=COMMON).waiting == 5
    assert estimate(other) == QUICK * 4


def test_the_view_averages_the_last_twenty_runs_of_each_kind(submit_job: Submit) -> None:
    for seconds in [100.0] * 3 + [4.0] * 10 + [6.0] * 10:
        known_run(submit_job(OTHER), seconds)
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, seconds FROM job_run_times ORDER BY kind")
        assert dict(cursor.fetchall()) == {CAPPED: pytest.approx(SLOW), OTHER: pytest.approx(5.0)}


def test_a_flood_of_a_capped_kind_is_refused_by_its_own_pace_and_keeps_no_other_out(
    client: APIClient, submit_job: Submit
) -> None:
    def post(kind: str) -> int:
        return int(client.post("/api/jobs/batch", {"jobs": [{"kind": kind, "body": {}}]}, format="json").status_code)

    three_children(submit_job, capped=10, others=0)
    assert [post(CAPPED), post(OTHER)] == [503, 202]
