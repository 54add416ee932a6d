"""A named state of a domain can be compared and restored, whatever happened since."""

from typing import Any

import pytest

from knowledge.archive import archive_restore
from knowledge.errors import KnowledgeError, NotFoundError
from knowledge.examples import example_create, examples_delete, examples_move
from knowledge.models import Dataset, Example
from knowledge.rotation import rotation_run
from knowledge.snapshots import snapshot_create, snapshot_get, snapshot_restore, snapshots_compare
from tests.knowledge.conftest import domain

pytestmark = pytest.mark.django_db


def state(dataset: Dataset) -> list[Any]:
    columns = ("id", "content", "response", "metadata", "created_at", "updated_at")
    return list(dataset.examples.order_by("id").values_list(*columns))


def upheaval(dataset: Dataset) -> None:
    """Change a domain in every way there is."""
    first, second, third, *_ = dataset.examples.order_by("id")
    Example.objects.filter(pk=first.pk).update(response="edited")
    Example.objects.filter(pk=first.pk).update(content="edited twice")
    examples_delete(ids=[second.pk], actor="bob")
    examples_move(ids=[third.pk], domain="elsewhere", actor="bob")
    example_create(domain=dataset.domain_name, content="new", actor="bob")
    rotation_run(domain=dataset.domain_name, max_examples=3)


def test_restoring_gives_back_the_state_to_the_letter() -> None:
    tea = domain("tea", 8)
    before = state(tea)
    snapshot = snapshot_create(dataset=tea, name="good", actor="alice")
    upheaval(tea)
    restored = snapshot_restore(snapshot=snapshot, actor="alice")
    moved = Example.objects.get(dataset__domain_name="elsewhere").pk
    assert [row[1:] for row in state(tea)] == [row[1:] for row in before if row[0] != moved] + [
        row[1:] for row in before if row[0] == moved
    ]
    assert {row[0] for row in before} - {row[0] for row in state(tea)} == {moved}
    tea.refresh_from_db()
    assert tea.example_count == len(before) and (restored.removed, restored.added) == (1, 6)


def test_a_restore_can_be_undone_by_restoring_what_was_before() -> None:
    tea = domain("tea", 5)
    snapshot = snapshot_create(dataset=tea, name="good", actor="alice")
    Example.objects.filter(content="tea 0001").update(content="edited")
    changed = state(tea)
    kept = snapshot_restore(snapshot=snapshot, actor="alice").before
    snapshot_restore(snapshot=snapshot_get(dataset=tea, name=kept), actor="alice")
    assert state(tea) == changed


def test_two_contents_that_changed_places_change_back() -> None:
    tea = domain("tea", 2)
    before = state(tea)
    snapshot = snapshot_create(dataset=tea, name="good", actor="alice")
    for old, new in (("tea 0000", "x"), ("tea 0001", "tea 0000"), ("x", "tea 0001")):
        Example.objects.filter(content=old).update(content=new)
    snapshot_restore(snapshot=snapshot, actor="alice")
    assert state(tea) == before


def test_comparing_tells_added_removed_and_changed() -> None:
    tea = domain("tea", 4)
    snapshot = snapshot_create(dataset=tea, name="good", actor="alice")
    Example.objects.filter(content="tea 0000").update(response="edited")
    Example.objects.filter(content="tea 0001").delete()
    example_create(domain="tea", content="new", actor="bob")
    later = snapshot_create(dataset=tea, name="later", actor="alice")
    for after in (None, later):
        compared = snapshots_compare(dataset=tea, before=snapshot, after=after)
        assert (compared.added, compared.removed, compared.changed) == (1, 1, 1)
        assert [change.change for change in compared.first] == ["changed", "removed", "added"]
    (edited, removed, _) = compared.first
    assert edited.before is not None and edited.after is not None
    assert (edited.before["response"], edited.after["response"]) == ("", "edited")
    assert removed.after is None


def test_archiving_and_coming_back_is_no_change() -> None:
    tea = domain("tea", 4)
    snapshot = snapshot_create(dataset=tea, name="good", actor="alice")
    rotation_run(max_examples=1)
    between = snapshot_create(dataset=tea, name="rotated", actor="alice")
    archive_restore(domain="tea", actor="alice")
    compared = snapshots_compare(dataset=tea, before=snapshot)
    assert (compared.added, compared.removed, compared.changed) == (0, 0, 0)
    assert snapshots_compare(dataset=tea, before=snapshot, after=between).removed == 3


def test_names_are_unique_in_a_domain_and_known_by_the_nearest() -> None:
    tea = domain("tea", 1)
    snapshot_create(dataset=tea, name="spring", actor="alice")
    for name in ("spring", "", "x" * 101, "now"):
        with pytest.raises(KnowledgeError):
            snapshot_create(dataset=tea, name=name, actor="alice")
    with pytest.raises(NotFoundError, match="Did you mean 'spring'"):
        snapshot_get(dataset=tea, name="sprin")
