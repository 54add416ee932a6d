"""Former states of examples are kept for a time, and for as long as a snapshot or an undoing needs them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from jobs.errors import InvalidParams
from knowledge import retention
from knowledge.errors import KnowledgeError
from knowledge.fixtures import fixtures_load
from knowledge.importing.undo import Undone, import_undo
from knowledge.kinds.curation import validate_undo
from knowledge.models import Example, ExampleHistory, ImportBatch
from knowledge.retention import Pruned, history_foresee, history_prune
from knowledge.rotation import rotation_run
from knowledge.snapshots import snapshot_create, snapshot_restore
from knowledge.tasks import prune_history
from tests.knowledge.conftest import domain
from tests.knowledge.importing.conftest import Import

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def thirty_days(settings: Settings) -> None:
    settings.MCAI_HISTORY_DAYS = 30


def pass_days(days: int) -> None:
    """Make all that happened so much older."""
    for states in ExampleHistory.objects.all():
        ExampleHistory.objects.filter(pk=states.pk).update(changed_at=states.changed_at - timedelta(days=days))
    for batch in ImportBatch.objects.filter(finished_at__isnull=False):
        ImportBatch.objects.filter(pk=batch.pk).update(finished_at=(batch.finished_at or 0) - timedelta(days=days))


def edit(response: str, **which: Any) -> None:
    Example.objects.filter(**which).update(response=response)


def test_states_go_when_their_time_is_over_and_not_before() -> None:
    domain("tea", 3)
    edit("first")
    pass_days(20)
    edit("second")
    pass_days(11)
    assert history_prune() == Pruned(settled=0, removed=3, more=False)
    assert set(ExampleHistory.objects.values_list("response", flat=True)) == {"first"}
    assert set(Example.objects.values_list("response", flat=True)) == {"second"}


def test_nought_keeps_all(settings: Settings) -> None:
    settings.MCAI_HISTORY_DAYS = 0
    domain("tea", 1)
    edit("edited")
    pass_days(10_000)
    assert history_prune() == history_foresee() == Pruned(0, 0, more=False)
    assert ExampleHistory.objects.count() == 1


def test_a_run_is_bounded_and_the_next_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "WINDOW_ROWS", 4)
    domain("tea", 10)
    edit("edited")
    pass_days(31)
    assert history_prune(windows=1) == Pruned(0, 4, more=True)
    assert history_prune() == Pruned(0, 6, more=False)
    assert not ExampleHistory.objects.exists()


def test_a_snapshot_keeps_what_it_holds_past_which_pruning_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "WINDOW_ROWS", 2)
    tea, mint = domain("tea", 6), domain("mint", 3)
    edit("before", dataset=tea)
    before = list(tea.examples.order_by("id").values("id", "content", "response", "created_at", "updated_at"))
    good = snapshot_create(dataset=tea, name="good", actor="alice")
    edit("after", dataset=tea)
    rotation_run(domain="tea", max_examples=4)
    Example.objects.filter(dataset=tea).first().delete()  # type: ignore[union-attr]
    edit("after", dataset=mint)
    pass_days(31)
    assert history_prune().removed == 10  # six first edits of tea, one state that the deletion ended, three of mint
    snapshot_restore(snapshot=good, actor="alice")
    assert list(tea.examples.order_by("id").values("id", "content", "response", "created_at", "updated_at")) == before
    tea.snapshots.all().delete()
    pass_days(31)
    history_prune()
    assert not ExampleHistory.objects.exists()


def test_an_import_can_be_undone_for_as_long_as_its_history_is_kept(bring: Import) -> None:
    bring("t.csv", "content,response\na,1\nb,2\n")
    edit("old", content="a")
    pass_days(31)
    second = bring("t.csv", "content,response\na,new\nb,new\nc,new\n", on_duplicate="replace").batch
    edit("edited", content="b")
    pass_days(29)
    assert history_prune() == Pruned(settled=1, removed=1, more=False)
    assert import_undo(batch=second, actor="alice") == Undone(removed=1, put_back=1, kept=1)
    assert dict(Example.objects.values_list("content", "response")) == {"a": "old", "b": "edited"}


def test_an_import_beyond_it_is_settled_for_good_and_whoever_would_undo_it_is_told(
    bring: Import,
    settings: Settings,
) -> None:
    batch = bring("t.csv", "content,response\na,1\nb,2\n").batch
    edit("edited", content="a")
    pass_days(31)
    prune_history()
    settings.MCAI_HISTORY_DAYS = 365
    today = f"{timezone.now():%Y-%m-%d}"
    with pytest.raises(KnowledgeError, match=rf"could be undone until {today} .* kept for 365 days"):
        import_undo(batch=batch, actor="alice")
    with pytest.raises(InvalidParams, match="could be undone until"):
        validate_undo({"batch": batch})
    assert Example.objects.count() == 2


def test_an_old_import_that_is_not_settled_yet_is_undone_without_loss(bring: Import) -> None:
    batch = bring("t.csv", "content,response\na,1\nb,2\n").batch
    edit("edited", content="a")
    pass_days(31)
    assert import_undo(batch=batch, actor="alice") == Undone(removed=1, put_back=0, kept=1)


def test_imports_say_until_when_they_can_be_undone(api: Any, bring: Import, settings: Settings) -> None:
    batch = bring("t.csv", "content\na\n").batch
    path = f"/api/imports/{batch}"
    finished = ImportBatch.objects.get().finished_at
    assert finished and api.get(path).json()["undo_until"][:19] == f"{finished + timedelta(days=30):%Y-%m-%dT%H:%M:%S}"
    settings.MCAI_HISTORY_DAYS = 0
    assert api.get(path).json()["undo_until"] is None
    pass_days(31)
    history_prune(days=30)
    (listed,) = api.get("/api/imports").json()["results"]
    assert listed["undo_until"][:10] == f"{timezone.now():%Y-%m-%d}" and "settled_at" not in listed


def test_what_the_fixtures_brought_does_not_come_again_when_its_history_has_gone(tmp_path: Path) -> None:
    (tmp_path / "domains").mkdir()
    (tmp_path / "emotions.json").write_text('{"emotions": []}')
    (tmp_path / "domains" / "tea.json").write_text(
        '{"domain": "tea", "examples": [{"content": "oolong"}, {"content": "sencha"}]}'
    )
    assert fixtures_load(tmp_path).examples == 2
    Example.objects.filter(content="oolong").delete()
    Example.objects.update(content="gyokuro")
    pass_days(31)
    assert history_prune().removed == 2
    assert fixtures_load(tmp_path).examples == 0
    assert Example.objects.get().content == "gyokuro"


def test_the_command_foresees_and_removes(capsys: pytest.CaptureFixture[str]) -> None:
    domain("tea", 2)
    edit("edited")
    pass_days(10)
    call_command("prune_history", "--days=5", "--dry-run")
    assert ExampleHistory.objects.count() == 2
    call_command("prune_history", "--days=5")
    assert not ExampleHistory.objects.exists()
    foreseen, done = capsys.readouterr().out.splitlines()
    assert foreseen.startswith("2 former states would be removed") and done.startswith("2 former states removed")
    with pytest.raises(CommandError, match=r"0 .keep all. or more"):
        call_command("prune_history", "--days=-1")
