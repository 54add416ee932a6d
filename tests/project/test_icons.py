"""The icon that browsers ask for at the root, whatever page they show."""

from io import BytesIO

import pytest
from django.contrib.auth.models import User
from django.test import Client
from PIL import Image


@pytest.mark.parametrize(("path", "media_type"), [("/favicon.ico", "image/"), ("/favicon.svg", "image/svg+xml")])
def test_the_icon_is_served_without_log_in_and_kept_for_a_day(path: str, media_type: str, client: Client) -> None:
    answer = client.get(path)
    assert answer.status_code == 200 and answer["Content-Type"].startswith(media_type)
    assert answer["Cache-Control"] == "max-age=86400, public"
    again = client.get(path, headers={"If-Modified-Since": answer["Last-Modified"]})
    assert again.status_code == 304


def test_it_has_the_sizes_that_browsers_show(client: Client) -> None:
    icon = Image.open(BytesIO(b"".join(client.get("/favicon.ico").streaming_content)))  # type: ignore[attr-defined]
    assert icon.info["sizes"] == {(16, 16), (32, 32), (48, 48)}


def test_other_files_are_kept_as_before(client: Client) -> None:
    assert client.get("/static/knowledge/tones.js")["Cache-Control"] == "max-age=60, public"


@pytest.mark.django_db
def test_pages_name_it(client: Client) -> None:
    client.force_login(User.objects.create_superuser("alice"))
    assert b'href="/favicon.svg"' in client.get("/admin/").content
    assert b'href="/favicon.svg"' in client.get("/api/docs").content
