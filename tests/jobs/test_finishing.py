"""A job's files and its row end together, also when the database goes at the worst moment."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from django.db import connection

from jobs import artifacts, runner
from jobs.choices import Status
from tests.jobs.conftest import Submit, reread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def connection_lost_behind_the_rename(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """End the database's side of the connection between the first rename of files and the commit behind it."""
    lost: list[int] = []
    sync = artifacts._sync_folder

    def lose(folder: Path) -> None:
        sync(folder)
        if not lost:
            connection.ensure_connection()
            given: Any = connection.connection
            lost.append(given.info.backend_pid)
            with closing(psycopg2.connect(**connection.get_connection_params())) as other, other.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(%s)", lost)

    monkeypatch.setattr(artifacts, "_sync_folder", lose)
    return lost


def test_an_end_whose_commit_failed_is_tried_again_with_its_files(
    submit_job: Submit,
    files_folder: Path,
    effects: Callable[[], list[str]],
    connection_lost_behind_the_rename: list[int],
) -> None:
    job = submit_job("test-effect", tag="once", bytes=1000)
    assert runner.run(job.pk, "w:1") == Status.COMPLETED
    assert connection_lost_behind_the_rename, "the fault happened"
    assert reread(job).attempts == 1
    assert effects() == ["once"]
    assert (artifacts.folder_of(job.pk) / "effect.bin").read_bytes() == b"x" * 1000
    assert not any((files_folder / "staging").iterdir())
