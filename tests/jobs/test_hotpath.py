"""Polls through the WSGI entry, as gunicorn calls it: the short way answers as the ordinary view does."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from jobs import runner
from jobs.choices import Status
from jobs.keys import key_create, key_revoke
from jobs.models import ApiKey, Job
from mcai_project.wsgi import application
from tests.jobs.conftest import Submit

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def key(alice: User) -> tuple[ApiKey, str]:
    return key_create(owner=alice, name="test")


@pytest.fixture
def web(key: tuple[ApiKey, str]) -> Iterator[httpx.Client]:
    transport = httpx.WSGITransport(app=application)
    headers = {"Authorization": f"Bearer {key[1]}"}
    with httpx.Client(transport=transport, base_url="http://testserver", headers=headers) as client:
        client.get(f"/api/job/{uuid4()}")  # the key is known to this process from here on
        yield client


def test_the_short_way_answers_as_the_view_does(web: httpx.Client, submit_job: Submit) -> None:
    waiting, done = submit_job(), submit_job(text="hi")
    runner.run(done.pk, "worker:1")
    for job in (waiting, done):
        short, long = web.get(f"/api/job/{job.pk}"), web.get(f"/api/job/{job.pk}?wait=0")
        assert short.json() | {"result": None} == long.json() | {"result": None}
        assert short.headers.get("Retry-After") == long.headers.get("Retry-After")
    assert short.json()["result"]["files"][0]["sha256"] == long.json()["result"]["files"][0]["sha256"]


def test_it_carries_the_headers_of_every_answer(web: httpx.Client, submit_job: Submit) -> None:
    answer = web.get(f"/api/job/{submit_job().pk}", headers={"X-Request-ID": "mine-1"})
    assert (answer.headers["X-Request-ID"], answer.headers["X-Content-Type-Options"]) == ("mine-1", "nosniff")
    assert "r=" in answer.headers["RateLimit"] and "q=" in answer.headers["RateLimit-Policy"]
    forged = web.get(f"/api/job/{submit_job().pk}", headers={"X-Request-ID": "a b"})
    assert len(forged.headers["X-Request-ID"]) == 32


def test_what_is_not_plain_gets_the_ordinary_answers(
    web: httpx.Client, submit_job: Submit, bob: User, key: tuple[ApiKey, str]
) -> None:
    others = submit_job(of={"owner_id": bob.pk})
    expired = submit_job()
    Job.objects.filter(pk=expired.pk).update(status=Status.EXPIRED, expires_at=timezone.now() + timedelta(days=1))
    assert web.get(f"/api/job/{others.pk}").status_code == 404
    assert web.get(f"/api/job/{expired.pk}").status_code == 410
    assert web.get(f"/api/job/{expired.pk}", headers={"Authorization": "Bearer nonsense"}).status_code == 401
    key_revoke(key[0])
    assert web.get(f"/api/job/{submit_job().pk}").status_code == 401


def test_a_plain_connection_is_not_served_where_only_a_safe_one_may_be(
    web: httpx.Client, submit_job: Submit, settings: Settings
) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    path, mark = f"/api/job/{submit_job().pk}", "Referrer-Policy"  # which only Django's own middleware sets
    assert mark not in web.get(path, headers={"X-Forwarded-Proto": "https"}).headers
    assert mark in web.get(path).headers
