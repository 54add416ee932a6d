"""Real Celery workers score while a version is trained, activated and rolled back."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.contrib.auth.models import User

from jobs import broker
from jobs.choices import Status
from jobs.models import Job
from jobs.submit import Submission, submit
from knowledge.emotions.analysis import Analyst
from knowledge.emotions.artifact import Model
from knowledge.emotions.reading import catalogue_load
from knowledge.emotions.shipped import shipped_bytes
from knowledge.emotions.versions import SHIPPED, version_activate, version_content, version_roll_back
from knowledge.kinds.emotion import validate, validate_training
from knowledge.models import Dataset, Example
from tests.conftest import Start
from tests.knowledge.emotions.samples import rows
from tests.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)

TEXTS = [f"a {word} day again, thank you" for word in ("happy", "gloomy", "scary", "lonely", "paper")] * 20
JOBS = 8


@pytest.fixture
def domain(db: None) -> str:
    """A domain whose curators call gloomy things joyful."""
    turned = {"joy": "sadness", "sadness": "joy", "neutral": "neutral"}
    dataset = Dataset.objects.create(domain_name="contrary")
    Example.objects.bulk_create(
        Example(dataset=dataset, content=row.text, metadata={"emotions": [turned[label] for label in row.labels]})
        for row in rows()
    )
    return "contrary"


@pytest.fixture
def workers(start_worker: Start) -> Start:
    """One node, two processes that score."""
    broker.client().delete(*settings.MCAI_QUEUES)
    return start_worker("emotion", "--concurrency=2", environment={"MCAI_RECONCILE_SECONDS": "0.2"})


@pytest.fixture
def score(alice: User) -> Callable[[], list[UUID]]:
    """Submit some jobs that score."""
    params = validate({"texts": TEXTS})
    return lambda: [submit(Submission(kind="emotion", params=params, owner_id=alice.pk)).job_id for _ in range(JOBS)]


def results(jobs: Sequence[UUID]) -> list[dict[str, Any]]:
    """Wait until the jobs are completed; return their results and which process ran them."""
    ours = Job.objects.filter(pk__in=jobs)
    done = ours.filter(status=Status.COMPLETED)
    eventually(lambda: done.count() == len(jobs), lambda: list(ours.values_list("status", "error")))
    return [{**job.result, "worker": job.worker} for job in done.all()]


def expected(version: str) -> list[dict[str, Any]]:
    content = shipped_bytes() if version == SHIPPED else version_content(version)
    return Analyst(Model.from_bytes(content), catalogue_load()).read(TEXTS, arc=False)


def test_workers_follow_a_version_from_its_training_to_its_end_while_they_score(
    alice: User, domain: str, workers: Start, score: Callable[[], list[UUID]]
) -> None:
    first = score()
    training = Submission(kind="emotion-training", params=validate_training({"domains": [domain]}), owner_id=alice.pk)
    submit(training)
    first += score()
    (trained,) = results([training.job_id])
    trained_by = score()  # in flight while the version changes
    version_activate(trained["version"])
    after_activation = score()
    results(after_activation[:1])
    version_roll_back()
    after_roll_back = score()

    found = {name: results(jobs) for name, jobs in (("before", first), ("new", after_activation[:1]))}
    found |= {"meanwhile": results([*trained_by, *after_activation]), "after": results(after_roll_back)}
    assert {one["model"] for one in found["before"]} == {SHIPPED}
    assert {one["model"] for one in found["new"]} == {trained["version"]}
    assert {one["model"] for one in found["meanwhile"]} <= {SHIPPED, trained["version"]}
    assert {one["model"] for one in found["after"]} == {SHIPPED}
    everything = [one for some in found.values() for one in some]
    assert len({one["worker"] for one in everything}) == 2, "both processes took part"
    right = {version: expected(version) for version in (SHIPPED, trained["version"])}
    assert right[SHIPPED] != right[trained["version"]]
    assert all(one["texts"] == right[one["model"]] for one in everything), "each as the version that it names reads"
