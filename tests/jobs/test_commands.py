"""The same from a shell."""

import pytest
from django.core.management import CommandError, call_command

from jobs import runner
from jobs.keys import key_find
from jobs.models import ApiKey, Job
from tests.jobs.conftest import Submit, reread

pytestmark = pytest.mark.django_db


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    call_command(*arguments)
    return capsys.readouterr().out


def test_a_job_is_submitted_listed_and_watched_to_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    job_id = run(capsys, "submit", "test-echo", "text=hi", "options.seed=7").strip()
    job = Job.objects.get(pk=job_id)
    assert job.params == {"text": "hi", "options": {"seed": 7}}
    assert job_id in run(capsys, "jobs", "--status", "queued")
    runner.run(job.pk, "w:1")
    assert "echo.txt" in run(capsys, "watch", job_id)


def test_a_bad_parameter_ends_the_command_with_its_reason() -> None:
    with pytest.raises(CommandError, match="bad: must be absent"):
        call_command("submit", "test-echo", "bad=1")
    with pytest.raises(CommandError, match="must be name=value"):
        call_command("submit", "test-echo", "text")


def test_jobs_are_cancelled_and_tried_again(capsys: pytest.CaptureFixture[str], submit_job: Submit) -> None:
    job = submit_job()
    assert "cancelled" in run(capsys, "cancel", str(job.pk))
    assert "queued" in run(capsys, "retry", str(job.pk))
    assert reread(job).status == "queued"
    with pytest.raises(CommandError, match="only a failed"):
        call_command("retry", str(job.pk))


def test_a_failed_job_makes_watching_it_fail(submit_job: Submit) -> None:
    job = submit_job("test-fail", how="permanent")
    runner.run(job.pk, "w:1")
    with pytest.raises(CommandError, match="this cannot work"):
        call_command("watch", str(job.pk))


@pytest.mark.parametrize("job", ["nonsense", "00000000-0000-0000-0000-000000000000"])
def test_a_job_that_is_not_there_is_a_clear_error(db: None, job: str) -> None:
    with pytest.raises(CommandError, match=job):
        call_command("watch", job)


def test_a_key_is_made_once_and_revoked(capsys: pytest.CaptureFixture[str]) -> None:
    key = run(capsys, "create_api_key", "dora", "--tier", "premium", "--quiet").strip()
    row = key_find(key)
    assert row is not None
    assert (row.owner.get_username(), row.get_tier_display(), row.is_usable()) == ("dora", "premium", True)
    assert key not in str(ApiKey.objects.values()), "only its hash is kept"
    run(capsys, "revoke_api_key", str(row.pk))
    assert not ApiKey.objects.get().is_usable()
