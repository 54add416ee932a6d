"""Lists of the admin that have no rows say where rows come from, and offer only what can be done."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("knowledge/importbatch", "“Import a file”, above"),
        ("knowledge/archivedexample", "Rotation moves the oldest"),
        ("knowledge/snapshot", "A domain&#x27;s page"),
        ("knowledge/feedback", "through the API"),
        ("knowledge/emotionmodel", "“Emotion spread”"),
        ("knowledge/example", "Add example"),
        ("jobs/job", "Jobs come through"),
        ("jobs/apikey", "Add API key"),
        ("monitoring/performancemetric", "every minute"),
    ],
)
def test_an_empty_list_says_where_its_rows_come_from(admin_client: Client, page: str, words: str) -> None:
    shown = admin_client.get(f"/admin/{page}/").content.decode()
    assert "Nothing here yet." in shown and words in shown
    assert "Reset filters" not in shown


def test_a_list_that_was_filtered_to_nothing_offers_to_reset(admin_client: Client) -> None:
    shown = admin_client.get("/admin/jobs/job/?status__exact=failed").content.decode()
    assert "Nothing matches" in shown and "Reset filters" in shown and "Nothing here yet" not in shown
    assert "Nothing matches" in admin_client.get("/admin/knowledge/example/?q=zebra").content.decode()
