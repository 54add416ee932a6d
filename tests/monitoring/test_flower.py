"""Flower as it runs: below a prefix, behind its log-in, tied to the admin, and with a memory."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import Settings

from jobs import broker
from mcai_project.embedded.ports import free_port
from tests.jobs.conftest import Submit, reread
from tests.processes import Process, answers
from tests.waiting import PATIENCE

AUTH = ("admin", "pass-word")


class Flower:
    """A Flower that can be stopped and started again."""

    def __init__(self, start: Callable[..., Process], home: Path) -> None:
        self._start, self._port = start, free_port()
        self.url = f"http://127.0.0.1:{self._port}/watch/flower"
        self._environment = {
            "FLOWER_PORT": str(self._port),
            "FLOWER_BASIC_AUTH": ":".join(AUTH),
            "FLOWER_URL_PREFIX": "/watch/flower/",
            "MCAI_HOME": str(home),
            "MCAI_PUBLIC_URL": "https://mcai.example",
        }

    def start(self) -> Process:
        argv = ["celery", "-A", "mcai_project", "flower", "--conf=mcai_project/flower_config.py"]
        process = self._start(argv, self._environment)
        process.wait_until(lambda: answers(f"{self.url}/healthcheck"), "it answered")
        return process

    def get(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.url}/{path}", auth=AUTH, timeout=PATIENCE)

    def task(self, job_id: object) -> dict[str, Any]:
        answer = self.get(f"api/task/info/{job_id}")
        found: dict[str, Any] = answer.json() if answer.is_success else {}
        return found


@pytest.mark.django_db(transaction=True)
def test_flower_remembers_over_a_restart_and_tells_where_the_admin_has_the_job(
    start_process: Callable[..., Process],
    start_worker: Callable[..., Process],
    submit_job: Submit,
    files_folder: Path,
    tmp_path: Path,
) -> None:
    broker.client().delete(*django_settings.MCAI_QUEUES)
    flower = Flower(start_process, tmp_path)
    process = flower.start()
    worker = start_worker("data", environment={"MCAI_FILES": str(files_folder)})
    process.wait_until(lambda: bool(flower.get("api/workers?refresh=true").json()), "it saw the worker")
    job = submit_job("test-noop")
    worker.wait_until(lambda: reread(job).status == "completed", "the job was done")
    process.wait_until(lambda: flower.task(job.pk).get("state") == "SUCCESS", "Flower saw it done")
    assert flower.task(job.pk)["name"] == "jobs.test-noop", "by its kind, not by the one task that runs them all"

    page = flower.get(f"task/{job.pk}")
    assert f"https://mcai.example/admin/jobs/job/{job.pk}/change/" in page.text
    assert httpx.get(f"{flower.url}/task/{job.pk}").status_code == 401

    assert process.stop() == 0
    flower.start()
    assert flower.task(job.pk)["state"] == "SUCCESS"
    assert (tmp_path / "flower").stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_the_admin_leads_to_the_task_in_flower(submit_job: Submit, charlie: User, settings: Settings) -> None:
    charlie.is_superuser = True
    charlie.save()
    browser, job = Client(), submit_job("test-noop")
    browser.force_login(charlie)
    page = f"/admin/jobs/job/{job.pk}/change/"
    assert "in Flower" not in browser.get(page).content.decode(), "where nobody said where it is"
    settings.FLOWER_URL = "https://mcai.example/flower"
    assert f'href="https://mcai.example/flower/task/{job.pk}"' in browser.get(page).content.decode()
