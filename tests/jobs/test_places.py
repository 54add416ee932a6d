import time
from typing import Any

import pytest

from jobs.models import Job
from jobs.places import job_place
from jobs.selectors import JobView, job_get
from tests.jobs.conftest import Submit

pytestmark = pytest.mark.django_db


def view(job: Job) -> JobView:
    found = job_get(job_id=job.pk, owner_id=None)
    assert found is not None
    return found


def test_each_waiting_job_is_told_how_many_go_before_it(submit_job: Submit) -> None:
    views = [view(submit_job()) for _ in range(3)]
    time.sleep(0.6)  # longer than what was seen of the queue is believed
    assert [job_place(each).position for each in views] == [1, 2, 3]


def test_a_job_that_has_just_come_is_counted_behind_the_others(submit_job: Submit) -> None:
    submit_job()
    job_place(view(submit_job()))
    time.sleep(0.1)
    assert job_place(view(submit_job())).position == 3


def test_many_polls_of_a_queue_look_at_it_once(submit_job: Submit, django_assert_num_queries: Any) -> None:
    views = [view(submit_job()) for _ in range(3)]
    time.sleep(0.6)
    job_place(views[2])
    with django_assert_num_queries(0):
        assert [job_place(each).position for each in views] == [1, 2, 3]
