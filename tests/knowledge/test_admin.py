"""Curating in the admin: find, fix, sort, import, undo, restore; each group may do its own."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from jobs import runner
from jobs.models import Job
from knowledge.examples import example_update
from knowledge.models import ArchivedExample, Dataset, Emotion, Example, ExampleHistory, Feedback, ImportBatch, Snapshot
from knowledge.rotation import rotation_run
from tests.knowledge.conftest import domain

pytestmark = pytest.mark.django_db
Login = Callable[[str], Client]


KINDS = ("undo", "rotation", "restore-archive", "restore-snapshot")
LIST = "/admin/knowledge/example/"


def found(client: Client, query: str) -> int:
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 200
    return int(answer.context["cl"].result_count)


def act(client: Client, action: str, ids: list[int], value: str = "") -> None:
    body = {"action": action, "_selected_action": ids, "value": value, "index": "0"}
    assert client.post(LIST, body).status_code == 302


def ids() -> list[int]:
    return list(Example.objects.order_by("id").values_list("id", flat=True))


def work_off() -> None:
    """Run what the admin submitted."""
    for job in Job.objects.filter(kind__in=KINDS, status="queued").order_by("id"):
        runner.run(job.pk, "test:1")
        job.refresh_from_db()
        assert job.status == "completed", job.error


def test_examples_are_found_by_words_number_and_filters(curator: Client) -> None:
    tea = domain("tea", 3)
    domain("coffee", 2)
    Emotion.objects.create(name="joy", neuroscience_freq=10, metaphysical_freq=528)
    Example.objects.filter(content="tea 0001").update(
        response="the leaves are running", metadata={"emotion": "joy", "tags": ["good"]}, embedding=[0.1] * 256
    )
    number = Example.objects.get(content="tea 0001").pk
    Feedback.objects.create(example_id=number, rating=5)
    assert found(curator, "q=leave+run") == found(curator, f"q=%23{number}") == found(curator, "q=tea+-0000+-0002") == 1
    for query in ("has_response=yes", "has_embedding=yes", "emotion=joy", "rating=good", "tag=good"):
        assert found(curator, query) == 1
    assert found(curator, "has_response=no") == 4 and found(curator, "rating=bad") == 0
    assert found(curator, f"dataset__id__exact={tea.pk}") == 3 and found(curator, "batch=1") == 0
    assert found(curator, "created_at_from=2026-01-01&created_at_to=2026-01-02") == 5


def test_a_list_counts_to_a_bound(curator: Client, django_assert_max_num_queries: Callable[[int], object]) -> None:
    domain("tea", 60)
    with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
        assert curator.get(LIST).status_code == 200


def test_an_example_is_added_fixed_and_deleted(curator: Client) -> None:
    tea = domain("tea", 1)
    form = {"domain": tea.pk, "content": "oolong", "response": "", "metadata": "{}"}
    inline = {f"feedback-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    assert curator.post(f"{LIST}add/", form | inline).status_code == 302
    example = Example.objects.get(content="oolong")
    curator.post(f"{LIST}{example.pk}/change/", form | inline | {"response": "blue tea"})
    assert Example.objects.get(pk=example.pk).response == "blue tea"
    domain("drinks", 0)
    drinks = Dataset.objects.get(domain_name="drinks").pk
    curator.post(f"{LIST}{example.pk}/change/", form | inline | {"domain": drinks, "response": "blue tea"})
    assert Example.objects.get(pk=example.pk).dataset_id == drinks
    curator.post(f"{LIST}{example.pk}/change/", form | inline | {"response": "blue tea"})
    twin = curator.post(f"{LIST}{example.pk}/change/", form | inline | {"content": "tea 0000"}, follow=True)
    assert Example.objects.get(pk=example.pk).content == "oolong" and b"already" in twin.content
    curator.post(f"{LIST}{example.pk}/delete/", {"post": "yes"})
    assert ExampleHistory.objects.latest("id").changed_by == "curator"
    assert not Example.objects.filter(pk=example.pk).exists()


def test_a_response_is_edited_in_the_list(curator: Client) -> None:
    domain("tea", 2)
    second, first = reversed(ids()), ids()[0]
    rows = {f"form-{i}-id": pk for i, pk in enumerate(second)} | {"form-0-response": "", "form-1-response": "edited"}
    curator.post(LIST, rows | {"form-TOTAL_FORMS": 2, "form-INITIAL_FORMS": 2, "_save": "Save"})
    assert Example.objects.get(pk=first).response == "edited"
    assert ExampleHistory.objects.get().changed_by == "curator"


def test_many_are_moved_tagged_archived_embedded_and_deleted_at_once(curator: Client) -> None:
    domain("tea", 5)
    chosen = ids()
    act(curator, "move", chosen[:1], "coffee")
    act(curator, "tag", chosen, "good")
    act(curator, "untag", chosen[:1], "good")
    act(curator, "archive", chosen[1:3])
    Example.objects.filter(pk=chosen[3]).update(embedding=[0.1] * 256)
    act(curator, "embed_again", chosen)
    act(curator, "move", chosen[3:], "x/y")  # refused, and said so
    preview = curator.post(LIST, {"action": "delete_selected", "_selected_action": chosen[4:], "value": ""})
    assert b"tea 0004" in preview.content and Example.objects.filter(pk=chosen[4]).exists()
    curator.post(LIST, {"action": "delete_selected", "_selected_action": chosen[4:], "post": "yes", "value": ""})
    assert list(Example.objects.order_by("id").values_list("dataset__domain_name", "metadata", "embedding")) == [
        ("coffee", {"tags": []}, None),
        ("tea", {"tags": ["good"]}, None),
    ]
    assert ArchivedExample.objects.count() == 2
    restore = {"action": "restore", "_selected_action": chosen[1:3]}
    assert curator.post("/admin/knowledge/archivedexample/", restore).status_code == 302
    assert Job.objects.get(kind="restore-archive").params == {"ids": chosen[1:3]}
    work_off()
    assert not ArchivedExample.objects.exists()


def test_a_former_state_is_brought_back(curator: Client) -> None:
    domain("tea", 1)
    example = example_update(example_id=ids()[0], changes={"response": "wrong"}, actor="bob")
    page = curator.get(f"{LIST}{example.pk}/change/")
    assert b"Bring back" in page.content and b"bob" in page.content
    state = ExampleHistory.objects.get().pk
    assert curator.get(f"{LIST}{example.pk}/revert/{state}/").status_code == 405
    curator.post(f"{LIST}{example.pk}/revert/{state}/")
    assert Example.objects.get().response == ""


def test_a_file_is_imported_and_the_import_undone(curator: Client) -> None:
    page = "/admin/knowledge/importbatch/import/"
    assert b"Choose file" in curator.get(page).content
    form = {"on_duplicate": "skip", "text_unit": "paragraph", "domain": "tea"}
    file = SimpleUploadedFile("t.jsonl", b'{"content": "a"}\n{}\n')
    assert curator.post(page, form | {"file": file}).status_code == 302
    runner.run(Job.objects.get().pk, "test:1")
    batch = ImportBatch.objects.get()
    shown = curator.get(f"/admin/knowledge/importbatch/{batch.pk}/change/").content
    assert b"t.jsonl:2 The row has no content." in shown and b"curator" in shown
    undo = reverse("admin:knowledge_importbatch_undo", args=[batch.pk])
    assert b"what was edited since stays" in curator.get(undo).content
    curator.post(undo, {"_form_submitted": "True"})
    work_off()
    assert Example.objects.count() == 0 and ImportBatch.objects.get().status == "undone"
    wrong = curator.post(page, form | {"file": SimpleUploadedFile("t.exe", b"x")})
    assert b"is none of .json" in wrong.content


def test_a_domain_shows_its_health_and_is_rotated_and_restored(
    curator: Client, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    tea = domain("tea", 30, max_examples=20)
    url = f"/admin/knowledge/dataset/{tea.pk}/change/"
    with django_assert_max_num_queries(25):  # type: ignore[attr-defined]
        shown = curator.get(url).content.decode()
    assert "would archive 10 examples and leave 20" in shown and "<rect" in shown
    go = {"_form_submitted": "True"}
    curator.post(reverse("admin:knowledge_dataset_snapshot", args=[tea.pk]), go | {"name": "good"})
    curator.post(reverse("admin:knowledge_dataset_rotate", args=[tea.pk]), go)
    work_off()
    assert Dataset.objects.get().example_count == 20
    snapshot = Snapshot.objects.get()
    assert b"0 added \xc2\xb7 10 removed" in curator.get(f"/admin/knowledge/snapshot/{snapshot.pk}/change/").content
    curator.post(reverse("admin:knowledge_snapshot_restore", args=[snapshot.pk]), go)
    work_off()
    assert Dataset.objects.get().example_count == 30
    rotation_run()
    curator.post(reverse("admin:knowledge_dataset_restore", args=[tea.pk]), go)
    curator.post(reverse("admin:knowledge_dataset_export", args=[tea.pk]))
    assert list(
        Job.objects.filter(kind__in=(*KINDS, "export"), status="queued").order_by("id").values_list("kind", flat=True)
    ) == [
        "restore-archive",
        "export",
    ]
    work_off()
    assert Dataset.objects.get().archived_count == 0


def test_the_list_of_domains_tells_small_sizes_apart(curator: Client) -> None:
    domain("tea", 30)
    size = Dataset.objects.get().content_bytes
    assert 0 < size < 1024
    assert f"{size}\xa0bytes" in curator.get("/admin/knowledge/dataset/").content.decode()


def test_the_limit_of_a_domain_is_set_and_its_counters_are_not(curator: Client) -> None:
    tea = domain("tea", 3)
    inline = {f"snapshots-{name}": 0 for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
    form = {"domain_name": "tea", "max_examples": "2", "metadata": "{}", "version": "99", "example_count": "99"}
    assert curator.post(f"/admin/knowledge/dataset/{tea.pk}/change/", form | inline).status_code == 302
    tea.refresh_from_db()
    assert (tea.max_examples, tea.version, tea.example_count) == (2, 1, 3)


def test_emotions_are_drawn_and_heard(curator: Client) -> None:
    joy = Emotion.objects.create(name="joy", neuroscience_freq=10, metaphysical_freq=528)
    page = curator.get(f"/admin/knowledge/emotion/{joy.pk}/change/").content.decode()
    assert page.count("<polyline") == 2 and 'data-hertz="528"' in page and "knowledge/tones.js" in page


def test_a_viewer_sees_and_changes_nothing(login: Login) -> None:
    tea = domain("tea", 2)
    viewer = login("viewer")
    assert viewer.get(LIST).status_code == 200
    assert viewer.get(f"{LIST}{ids()[0]}/change/").status_code == 200
    assert viewer.get(f"/admin/knowledge/dataset/{tea.pk}/change/").status_code == 200
    assert viewer.get("/admin/knowledge/importbatch/import/").status_code == 403
    assert viewer.get(f"{LIST}add/").status_code == 403
    viewer.post(LIST, {"action": "archive", "_selected_action": ids(), "value": ""})
    assert viewer.post(reverse("admin:knowledge_dataset_rotate", args=[tea.pk])).status_code == 403
    assert Example.objects.count() == 2


def test_an_operator_rotates_and_does_not_edit(login: Login) -> None:
    tea = domain("tea", 3, max_examples=1)
    operator = login("operator")
    operator.post(reverse("admin:knowledge_dataset_rotate", args=[tea.pk]), {"_form_submitted": "True"})
    work_off()
    assert Example.objects.count() == 1
    assert operator.post(f"{LIST}{ids()[0]}/delete/", {"post": "yes"}).status_code == 403
    assert operator.get("/admin/jobs/job/").status_code == 200
