"""Which requests have a session, and that a key alone decides where there is one."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from jobs.keys import key_create

pytestmark = pytest.mark.django_db


@pytest.fixture
def logged_in(alice: User) -> Client:
    browser = Client()
    browser.force_login(alice)
    return browser


def test_a_session_opens_the_api_and_a_key_too(logged_in: Client, alice: User) -> None:
    assert logged_in.get("/api/jobs").status_code == 200
    _, key = key_create(owner=alice, name="test")
    assert Client().get("/api/jobs", headers={"Authorization": f"Bearer {key}"}).status_code == 200


def test_a_key_that_is_no_good_is_refused_though_a_session_would_do(logged_in: Client) -> None:
    for path in ("/api/jobs", "/metrics"):
        answer = logged_in.get(path, headers={"Authorization": "Bearer mcai_nobody"})
        assert answer.status_code == 401, path


def test_a_request_with_a_key_reads_no_session(logged_in: Client, alice: User) -> None:
    _, key = key_create(owner=alice, name="test")
    answer = logged_in.get("/api/jobs", headers={"Authorization": f"Bearer {key}"})
    assert not hasattr(answer.wsgi_request, "session")
    assert answer.wsgi_request.user == alice, "the key's owner"


def test_a_page_for_people_has_its_session_whatever_else_is_sent(logged_in: Client, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(is_staff=True)
    answer = logged_in.get("/admin/", headers={"Authorization": "Bearer mcai_nobody"})
    assert answer.status_code == 200
    assert answer.wsgi_request.user == alice
