"""From submission to the end, through the functions that workers call."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from jobs import artifacts, cancel, lease, reconcile, runner
from jobs.choices import Outcome, Status, Tier
from jobs.errors import InvalidParams
from jobs.models import Attempt, Event, Job
from jobs.outcome import OutFile
from jobs.submit import IdempotencyConflict, Submission, fingerprint, submit
from tests.jobs.conftest import Submit, reread

pytestmark = pytest.mark.django_db


def lapse(job: Job) -> None:
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


def test_a_job_is_queued_claimed_worked_and_completed_with_its_file(submit_job: Submit) -> None:
    job = submit_job(text="grüß dich")
    assert (job.status, job.attempts, job.progress) == (Status.QUEUED, 0, 0)
    assert runner.run(job.pk, "worker:1") == Status.COMPLETED
    job = reread(job)
    assert (job.status, job.attempts, job.progress) == (Status.COMPLETED, 1, 100)
    (file,) = job.result["files"]
    assert (artifacts.folder_of(job.pk) / file["name"]).read_text() == "grüß dich"
    assert file["size"] == 11
    assert [event.type for event in Event.objects.filter(job=job)] == ["queued", "processing", "completed"]
    assert Attempt.objects.get(job=job).outcome == Outcome.COMPLETED


def test_a_job_is_claimed_once(submit_job: Submit) -> None:
    job = submit_job()
    assert lease.claim(job.pk, "first:1") is not None
    assert lease.claim(job.pk, "second:1") is None
    assert runner.run(job.pk, "third:1") is None


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_one_gets_the_job(submit_job: Submit) -> None:
    job = submit_job()
    won: list[lease.Lease] = []
    barrier = threading.Barrier(8)

    def contend(number: int) -> None:
        barrier.wait()
        held = lease.claim(job.pk, f"worker:{number}")
        if held is not None:
            won.append(held)
        connection.close()

    threads = [threading.Thread(target=contend, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert reread(job).attempts == 1


def test_a_crash_fails_the_job_with_a_reason_that_tells_no_internals(submit_job: Submit) -> None:
    job = submit_job("test-fail")
    assert runner.run(job.pk, "worker:1") == Status.FAILED
    error = reread(job).error
    assert error["code"] == "internal"
    assert "secret" not in str(error)


def test_a_permanent_error_is_not_tried_again(submit_job: Submit) -> None:
    job = submit_job("test-fail", how="permanent")
    assert runner.run(job.pk, "worker:1") == Status.FAILED
    assert reread(job).error["message"] == "this cannot work"


def test_a_fault_that_can_heal_is_tried_again_later_and_in_the_end_fails(submit_job: Submit) -> None:
    job = submit_job("test-fail", how="transient")
    for attempt in (1, 2):
        assert runner.run(job.pk, "worker:1") == Status.QUEUED
        assert reread(job).available_at > timezone.now()
        assert runner.run(job.pk, "worker:1") is None, "it must wait"
        Job.objects.filter(pk=job.pk).update(available_at=timezone.now())
        assert reread(job).attempts == attempt
    assert runner.run(job.pk, "worker:1") == Status.FAILED
    outcomes = Attempt.objects.filter(job=job).values_list("outcome", flat=True)
    assert list(outcomes) == [Outcome.RETRIED, Outcome.RETRIED, Outcome.FAILED]


def test_a_lapsed_lease_sends_the_job_back_and_the_last_one_fails_it(submit_job: Submit) -> None:
    job = submit_job()
    for _ in range(3):
        assert lease.claim(job.pk, "dead:1") is not None
        lapse(job)
        reconcile.reconcile()
    assert reread(job).status == Status.FAILED
    assert reread(job).error["code"] == "worker_lost"
    assert set(Attempt.objects.filter(job=job).values_list("outcome", flat=True)) == {Outcome.LOST}


def test_a_late_finisher_changes_nothing_and_its_files_go(submit_job: Submit, files_folder: Path) -> None:
    job = submit_job()
    late = lease.claim(job.pk, "slow:1")
    assert late is not None
    lapse(job)
    reconcile.reconcile()
    assert runner.run(job.pk, "quick:1") == Status.COMPLETED
    before = reread(job).finished_at
    assert runner.work(late) is None
    assert reread(job).finished_at == before
    assert not list((files_folder / "staging").iterdir())
    assert reread(job).attempts == 2


def test_a_beat_prolongs_the_lease_and_never_lets_progress_go_back(submit_job: Submit) -> None:
    job = submit_job()
    held = lease.claim(job.pk, "worker:1")
    assert held is not None
    before = reread(job).lease_until
    assert lease.beat(held, progress=40, stage="drawing", log=True) is False
    assert lease.beat(held, progress=10, stage="drawing", log=True) is False
    job = reread(job)
    assert job.progress == 40
    assert job.lease_until > before
    lapse(job)
    reconcile.reconcile()
    assert lease.beat(held, progress=50, stage="drawing", log=True) is None


def test_a_release_gives_the_attempt_back(submit_job: Submit) -> None:
    job = submit_job()
    held = lease.claim(job.pk, "worker:1")
    assert held is not None
    assert lease.give_back(held, Outcome.RELEASED)
    assert (reread(job).status, reread(job).max_attempts) == (Status.QUEUED, 4)


def test_the_same_key_and_request_give_the_same_job_and_another_request_is_refused(
    submit_job: Submit, alice: User, bob: User
) -> None:
    of = {"idempotency_key": "k", "request_hash": fingerprint("test-echo", {"a": 1})}
    first, second = submit_job(of=of), submit_job(of=of)
    assert first.pk == second.pk
    with pytest.raises(IdempotencyConflict):
        submit_job(of=of | {"request_hash": fingerprint("test-echo", {"a": 2})})
    other = submit(Submission(kind="test-echo", params={}, owner_id=bob.pk, **of))
    assert other.job_id != first.pk


def test_an_unknown_kind_is_refused_with_the_nearest_name(alice: User) -> None:
    with pytest.raises(InvalidParams, match="did you mean 'test-echo'"):
        submit(Submission(kind="test-ecko", params={}, owner_id=alice.pk))


def test_a_waiting_job_is_cancelled_at_once_and_never_run(submit_job: Submit) -> None:
    job = submit_job()
    assert cancel.cancel(job.pk) == Status.CANCELLED
    assert runner.run(job.pk, "worker:1") is None
    assert cancel.cancel(job.pk) == Status.CANCELLED, "cancelling twice is no error"


def test_a_finished_job_cannot_be_cancelled_but_a_failed_one_can_be_tried_again(submit_job: Submit) -> None:
    done, failed = submit_job(), submit_job("test-fail")
    runner.run(done.pk, "worker:1")
    runner.run(failed.pk, "worker:1")
    with pytest.raises(cancel.NotPossible, match="already completed"):
        cancel.cancel(done.pk)
    with pytest.raises(cancel.NotPossible, match="only a failed"):
        cancel.retry(done.pk, 3)
    cancel.retry(failed.pk, 3)
    assert (reread(failed).status, reread(failed).error, reread(failed).max_attempts) == (Status.QUEUED, None, 4)


def test_a_job_waits_for_others_and_goes_when_they_are_completed(submit_job: Submit) -> None:
    first, second = submit_job(), submit_job()
    last = submit_job(of={"after": [first.pk, second.pk]})
    assert last.waiting_on == 2
    assert runner.run(last.pk, "worker:1") is None
    for job in (first, second):
        runner.run(job.pk, "worker:1")
    assert runner.run(last.pk, "worker:1") == Status.COMPLETED


def test_what_waits_for_a_failed_job_fails_down_the_chain(submit_job: Submit) -> None:
    first = submit_job("test-fail")
    second = submit_job(of={"after": [first.pk]})
    third = submit_job(of={"after": [second.pk]})
    runner.run(first.pk, "worker:1")
    assert {reread(second).status, reread(third).status} == {Status.FAILED}
    assert reread(third).error["code"] == "dependency"


def test_what_waits_for_a_cancelled_job_is_cancelled(submit_job: Submit) -> None:
    first = submit_job()
    second = submit_job(of={"after": [first.pk]})
    cancel.cancel(first.pk)
    assert reread(second).status == Status.CANCELLED


def test_a_deadline_that_passes_fails_the_job(submit_job: Submit) -> None:
    job = submit_job(of={"deadline": timezone.now() - timedelta(seconds=1)})
    reconcile.reconcile()
    assert (reread(job).status, reread(job).error["code"]) == (Status.FAILED, "deadline")


def test_results_expire_and_their_files_go(submit_job: Submit) -> None:
    job = submit_job()
    runner.run(job.pk, "worker:1")
    Job.objects.filter(pk=job.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert reconcile.housekeep().expired == 1
    assert (reread(job).status, reread(job).result) == (Status.EXPIRED, None)
    assert not artifacts.folder_of(job.pk).exists()


@pytest.mark.parametrize("name", ["../up.txt", ".hidden", "a/b"])
def test_a_file_name_that_is_a_path_is_refused(submit_job: Submit, name: str) -> None:
    held = lease.claim(submit_job().pk, "worker:1")
    assert held is not None
    with pytest.raises(ValueError, match="no plain file name"):
        artifacts.stage(held.token, [OutFile(name, "text/plain", b"")])


def test_premium_goes_before_standard_before_free_but_free_does_not_wait_for_ever(
    submit_job: Submit, bob: User
) -> None:
    free, standard, premium = (submit_job(of={"tier": tier}) for tier in (Tier.FREE, Tier.STANDARD, Tier.PREMIUM))
    assert premium.sort_at < standard.sort_at < free.sort_at
    old = timezone.now() - timedelta(hours=1)
    assert free.sort_at - free.created_at < timedelta(minutes=10), "an hour's wait beats any tier"
    assert old < premium.sort_at


def test_one_owners_flood_does_not_bury_anothers_job(submit_job: Submit, bob: User) -> None:
    flood = [submit_job() for _ in range(20)]
    other = submit_job(of={"owner_id": bob.pk})
    assert sum(job.sort_at < other.sort_at for job in flood) <= 2
