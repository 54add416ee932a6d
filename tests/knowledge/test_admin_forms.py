"""What the admin's pages make of forms that are new, wrong, or about very much at once."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from knowledge.models import ArchivedExample, Dataset, Emotion, EmotionModel, Example, ImportBatch
from tests.knowledge.conftest import domain

pytestmark = pytest.mark.django_db
Login = Callable[[str], Client]
DOMAINS, EXAMPLES = "/admin/knowledge/dataset/", "/admin/knowledge/example/"
NO_SNAPSHOTS = {f"snapshots-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
NO_FEEDBACK = {f"feedback-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}


def said(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_domain_is_added(curator: Client) -> None:
    assert curator.get(f"{DOMAINS}add/").status_code == 200
    form = {"domain_name": "tea", "metadata": "{}", "max_examples": "10"}
    assert curator.post(f"{DOMAINS}add/", form | NO_SNAPSHOTS).status_code == 302
    tea = Dataset.objects.get()
    assert (tea.domain_name, tea.max_examples, tea.example_count) == ("tea", 10, 0)


@pytest.mark.parametrize("model", ["dataset", "emotion", "example"])
def test_a_blank_form_shows_nothing_of_the_program(curator: Client, model: str) -> None:
    page = said(curator.get(f"/admin/knowledge/{model}/add/"))
    assert "DatabaseDefault" not in page


@pytest.mark.parametrize("name", ["a/b", "..", "   "])
def test_a_domain_has_a_name_that_addresses_and_files_can_have(curator: Client, name: str) -> None:
    answer = curator.post(f"{DOMAINS}add/", {"domain_name": name, "metadata": "{}"} | NO_SNAPSHOTS)
    assert answer.status_code == 200
    assert answer.context["adminform"].form.errors.keys() == {"domain_name"}


def test_metadata_is_an_object(curator: Client) -> None:
    tea = domain("tea", 0)
    form = {"domain": tea.pk, "content": "oolong", "response": ""} | NO_FEEDBACK
    answer = curator.post(f"{EXAMPLES}add/", form | {"metadata": "[1]"})
    assert "Metadata is a JSON object" in said(answer)
    assert curator.post(f"{EXAMPLES}add/", form | {"metadata": ""}).status_code == 302
    assert Example.objects.get().metadata == {}


def test_a_content_that_the_domain_holds_already_is_refused_in_the_form(curator: Client) -> None:
    tea = domain("tea", 1)
    form = {"domain": tea.pk, "content": " tea  0000", "response": "mine", "metadata": "{}"} | NO_FEEDBACK
    answer = curator.post(f"{EXAMPLES}add/", form)
    assert answer.status_code == 200
    assert "holds this content already, as example" in said(answer) and "mine" in said(answer)
    assert Example.objects.count() == 1


def test_a_domain_that_holds_much_says_so_instead_of_listing_it(
    admin_client: Client, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    tea = domain("tea", 300)
    with django_assert_max_num_queries(10):
        page = said(admin_client.get(f"{DOMAINS}{tea.pk}/delete/"))
    assert "tea: 300 examples, 0 in the archive" in page and "tea 0001" not in page
    admin_client.post(f"{DOMAINS}{tea.pk}/delete/", {"post": "yes"})
    assert Dataset.objects.count() == 1
    empty = domain("empty", 0)
    admin_client.post(f"{DOMAINS}{empty.pk}/delete/", {"post": "yes"})
    assert not Dataset.objects.filter(domain_name="empty").exists()


def test_many_examples_are_deleted_after_a_page_that_shows_the_first(curator: Client) -> None:
    domain("tea", 130)
    chosen = {"action": "delete_selected", "_selected_action": [Example.objects.latest("id").pk], "value": ""}
    every = chosen | {"select_across": "1", "index": "0"}
    page = said(curator.post(EXAMPLES, every))
    assert "tea 0129" in page and "tea 0029" not in page and "30 more" in page
    assert "130 " in said(curator.post(EXAMPLES, every | {"post": "yes"}, follow=True))
    assert not Example.objects.exists()


def test_examples_are_found_by_an_emotion_of_several_and_the_domain_counts_them(curator: Client) -> None:
    for name in ("joy", "calm"):
        Emotion.objects.create(name=name, neuroscience_freq=10, metaphysical_freq=528)
    tea = domain("tea", 3)
    first, second, _ = Example.objects.order_by("id")
    Example.objects.filter(pk=first.pk).update(metadata={"emotions": ["joy", "calm"]})
    Example.objects.filter(pk=second.pk).update(metadata={"emotion": "joy", "emotions": "joy"})
    assert curator.get(f"{EXAMPLES}?emotion=joy").context["cl"].result_count == 2
    assert curator.get(f"{EXAMPLES}?emotion=calm").context["cl"].result_count == 1
    page = said(curator.get(f"{DOMAINS}{tea.pk}/change/"))
    assert page.index('title="joy"') < page.index('title="calm"')


def test_what_cannot_be_edited_has_no_button_that_saves(curator: Client) -> None:
    tea = domain("tea", 1)
    batch = ImportBatch.objects.create(status="applied", sources=["t.csv"], domains=["tea", "coffee"])
    example = Example.objects.get()
    curator.post(EXAMPLES, {"action": "archive", "_selected_action": [example.pk], "value": "", "index": "0"})
    assert ArchivedExample.objects.count() == 1
    pages = {
        name: said(curator.get(f"/admin/knowledge/{name}/{key}/change/"))
        for name, key in (("importbatch", batch.pk), ("archivedexample", example.pk), ("dataset", tea.pk))
    }
    assert [name for name, page in pages.items() if 'name="_save"' in page] == ["dataset"]
    assert "tea, coffee" in pages["importbatch"] and "Applied" in pages["importbatch"]
    assert "(&#x27;applied" not in pages["importbatch"]


def test_a_version_of_the_emotion_model_is_looked_at_and_chosen(curator: Client) -> None:
    version = EmotionModel.objects.create(sha256="a" * 64, content=b"x", card="the card", figures={})
    page = f"/admin/knowledge/emotionmodel/{version.pk}/change/"
    assert "the card" in said(curator.get(page)) and 'name="_save"' not in said(curator.get(page))
    assert "Use this version" in said(curator.get("/admin/knowledge/emotionmodel/"))


def test_a_dialog_that_was_sent_leads_to_the_page_that_says_what_came_of_it(curator: Client) -> None:
    tea = domain("tea", 2)
    page, go = f"{DOMAINS}{tea.pk}/change/", {"_form_submitted": "True"}
    for action, more in (("snapshot", {"name": "good"}), ("rotate", {}), ("restore", {})):
        sent = curator.post(f"{DOMAINS}{tea.pk}/{action}/", go | more, headers={"HX-Request": "true"})
        assert (sent.status_code, sent["HX-Redirect"]) == (200, page)
    assert "is kept as" in said(curator.get(page))
    batch = ImportBatch.objects.create(status="applied", sources=["t.csv"])
    undo = f"/admin/knowledge/importbatch/{batch.pk}/undo/"
    assert curator.post(undo, go, headers={"HX-Request": "true"})["HX-Redirect"].endswith(f"/{batch.pk}/change/")
    kept = tea.snapshots.get().pk
    restored = curator.post(f"/admin/knowledge/snapshot/{kept}/restore/", go, headers={"HX-Request": "true"})
    assert restored["HX-Redirect"] == f"/admin/knowledge/snapshot/{kept}/change/"
