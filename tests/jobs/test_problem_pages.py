"""What went wrong, as a page for people with a browser and as a problem document for programs."""

import errno

import pytest
from django.contrib.auth.models import User
from django.test import Client

from jobs.api.problems import exception_handler

pytestmark = pytest.mark.django_db
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
PROBLEM = "application/problem+json"


@pytest.fixture
def newcomer() -> Client:
    """Return the browser of somebody who may log in and do nothing else."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_user("dora", is_staff=True))
    return client


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/admin/nothing/", 404, "There is nothing at /admin/nothing/."),
        ("/nothing", 404, "There is nothing at /nothing."),
        ("/admin/jobs/job/", 403, "Your account may not see this page"),
        ("/admin/knowledge/importbatch/import/", 403, "Your account may not see this page"),
    ],
)
def test_a_browser_gets_a_page_and_a_program_the_document(newcomer: Client, path: str, status: int, words: str) -> None:
    page = newcomer.get(path, headers=BROWSER)
    assert page.status_code == status and page["Content-Type"].startswith("text/html")
    assert words in page.content.decode() and 'href="/admin/"' in page.content.decode()
    document = newcomer.get(path, headers={"Accept": "*/*"})
    assert document.status_code == status and document["Content-Type"] == PROBLEM
    assert words in document.json()["detail"]


def test_the_api_answers_browsers_with_documents_too(newcomer: Client) -> None:
    assert newcomer.get("/api/nothing", headers=BROWSER)["Content-Type"] == PROBLEM


def test_what_is_shown_of_an_address_is_text(newcomer: Client) -> None:
    page = newcomer.get("/admin/<script>alert(1)</script>/", headers=BROWSER)
    assert b"<script>" not in page.content and b"&lt;script&gt;" in page.content


def test_a_form_that_has_expired_says_what_to_do(newcomer: Client) -> None:
    page = newcomer.post("/admin/logout/", headers=BROWSER)
    assert page.status_code == 403 and b"This form has expired" in page.content


def test_a_full_disk_is_a_service_that_is_away_and_a_broken_path_is_a_fault() -> None:
    full = exception_handler(OSError(errno.ENOSPC, "No space left on device"), {})
    assert full.status_code == 503 and int(full["Retry-After"]) > 0
    assert exception_handler(NotADirectoryError(errno.ENOTDIR, "Not a directory"), {}).status_code == 500
