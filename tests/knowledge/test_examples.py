"""Examples are created, changed, moved, tagged and deleted, and the history knows by whom."""

import pytest

from knowledge.archive import archive_restore, examples_archive
from knowledge.errors import KnowledgeError, NotFoundError
from knowledge.examples import (
    example_create,
    example_update,
    examples_delete,
    examples_forget_embedding,
    examples_move,
    examples_tag,
)
from knowledge.models import ArchivedExample, Dataset, Example, ExampleHistory
from tests.knowledge.conftest import domain

pytestmark = pytest.mark.django_db


def ids() -> list[int]:
    return list(Example.objects.order_by("id").values_list("id", flat=True))


def test_an_example_is_created_and_changed() -> None:
    example = example_create(domain="tea", content="oolong", actor="alice", metadata={"a": 1})
    changed = example_update(example_id=example.pk, changes={"response": "blue tea"}, actor="bob")
    assert (changed.content, changed.response, changed.metadata) == ("oolong", "blue tea", {"a": 1})
    assert changed.updated_at > changed.created_at
    assert ExampleHistory.objects.get().changed_by == "bob"


def test_a_duplicate_is_refused_by_the_number_of_its_twin() -> None:
    first = example_create(domain="tea", content="oolong", actor="alice")
    with pytest.raises(KnowledgeError, match=f"already, as example {first.pk}"):
        example_create(domain="tea", content=" oolong ", actor="alice")
    second = example_create(domain="tea", content="sencha", actor="alice")
    with pytest.raises(KnowledgeError, match=f"already, as example {first.pk}"):
        example_update(example_id=second.pk, changes={"content": "oolong"}, actor="alice")
    with pytest.raises(NotFoundError):
        example_update(example_id=0, changes={}, actor="alice")


def test_moving_leaves_behind_what_the_other_domain_has() -> None:
    domain("tea", 3)
    example_create(domain="drinks", content="tea 0001", actor="alice")
    assert examples_move(ids=ids()[:3], domain="drinks", actor="alice") == 2
    assert dict(Dataset.objects.values_list("domain_name", "example_count")) == {"tea": 1, "drinks": 3}


def test_a_tag_is_put_once_and_taken_off() -> None:
    domain("tea", 3)
    Example.objects.filter(pk=ids()[2]).update(metadata={"tags": "not a list"})
    assert examples_tag(ids=ids(), tag="good", actor="alice") == 3
    assert examples_tag(ids=ids(), tag="good", actor="alice") == 0
    assert list(Example.objects.values_list("metadata", flat=True)) == [{"tags": ["good"]}] * 3
    assert examples_tag(ids=ids()[:1], tag="good", actor="alice", remove=True) == 1
    with pytest.raises(KnowledgeError):
        examples_tag(ids=ids(), tag=" ", actor="alice")


def test_a_selection_is_archived_and_comes_back() -> None:
    domain("tea", 3)
    assert examples_archive(ids=ids()[:2], actor="alice") == 2
    assert set(ArchivedExample.objects.values_list("archived_by", flat=True)) == {"alice"}
    chosen = [ArchivedExample.objects.order_by("pk").values_list("pk", flat=True)[0]]
    assert archive_restore(ids=chosen, actor="alice").restored == 1
    assert len(ids()) == 2


def test_deleting_and_forgetting_embeddings_count_what_they_did() -> None:
    domain("tea", 3)
    Example.objects.filter(pk=ids()[0]).update(embedding=[0.1] * 256, embedder="test")
    assert examples_forget_embedding(ids=ids(), actor="alice") == 1
    assert examples_delete(ids=[*ids()[:2], 0], actor="alice") == 2
    assert set(ExampleHistory.objects.values_list("action", "changed_by")) == {("delete", "alice")}
