"""Duplicates, batches and undoing."""

import json
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from knowledge.errors import KnowledgeError
from knowledge.importing.options import ImportOptions
from knowledge.importing.run import import_run
from knowledge.importing.undo import Undone, import_undo
from knowledge.models import ArchivedExample, Dataset, Example, ExampleHistory, ImportBatch
from knowledge.rotation import rotation_run
from tests.knowledge.conftest import database_environment
from tests.knowledge.importing.conftest import Import


def lines(*rows: tuple[str, str]) -> str:
    return "\n".join(json.dumps({"content": content, "response": response}) for content, response in rows)


AB = lines(("a", "1"), ("b", "2"))


@pytest.mark.django_db
def test_the_same_file_twice_adds_nothing(bring: Import) -> None:
    bring("t.jsonl", AB)
    version = Dataset.objects.get().version
    report = bring("t.jsonl", AB)
    assert (report.added, report.duplicates) == (0, 2)
    assert Dataset.objects.get().version == version


@pytest.mark.django_db
def test_what_is_archived_is_a_duplicate_too(bring: Import) -> None:
    bring("t.jsonl", AB)
    rotation_run(max_examples=0)
    assert bring("t.jsonl", AB + "\n" + lines(("c", ""))).added == 1
    assert bring("t.jsonl", lines(("a", "new")), on_duplicate="replace").duplicates == 1


@pytest.mark.django_db
def test_a_duplicate_can_replace(bring: Import) -> None:
    bring("t.jsonl", AB)
    report = bring("t.jsonl", lines(("a", "new"), ("b", "2"), ("c", "3"), ("c", "4")), on_duplicate="replace")
    assert (report.read, report.added, report.replaced, report.duplicates) == (4, 1, 1, 2)
    assert dict(Example.objects.values_list("content", "response")) == {"a": "new", "b": "2", "c": "4"}


@pytest.mark.django_db
def test_a_duplicate_can_be_an_error_of_its_line(bring: Import) -> None:
    bring("t.jsonl", AB)
    report = bring("t.jsonl", lines(("c", ""), ("a", "new"), ("c", "again")), on_duplicate="error")
    assert report.added == 1 and [error["line"] for error in report.errors] == [2, 3]
    refused = bring("t.jsonl", lines(("d", ""), ("a", "new")), on_duplicate="error", strict=True)
    assert refused.added == 0 and not Example.objects.filter(content="d").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("on_duplicate", ["skip", "replace", "error"])
def test_a_dry_run_foresees_exactly(on_duplicate: str, bring: Import) -> None:
    bring("t.jsonl", AB)
    data = lines(("a", "new"), ("b", "2"), ("c", "3"), ("c", "4"), ("", "bad"))
    dry = bring("t.jsonl", data, on_duplicate=on_duplicate, dry_run=True)
    assert Example.objects.count() == 2
    wet = bring("t.jsonl", data, on_duplicate=on_duplicate)
    assert (dry.added, dry.replaced, dry.duplicates, dry.errors) == (
        wet.added,
        wet.replaced,
        wet.duplicates,
        wet.errors,
    )


@pytest.mark.django_db
def test_undoing_removes_what_came_and_puts_back_what_was_replaced(bring: Import) -> None:
    first = bring("t.jsonl", AB)
    before = list(Example.objects.order_by("id").values("id", "content", "response", "batch_id", "updated_at"))
    second = bring("t.jsonl", lines(("a", "new"), ("c", "3")), on_duplicate="replace")
    assert import_undo(batch=second.batch, actor="alice") == Undone(removed=1, put_back=1, kept=0)
    assert list(Example.objects.order_by("id").values("id", "content", "response", "batch_id", "updated_at")) == before
    assert import_undo(batch=first.batch, actor="alice").removed == 2
    assert Dataset.objects.get().example_count == 0
    assert ImportBatch.objects.get(pk=first.batch).status == "undone"


@pytest.mark.django_db
def test_undoing_never_loses_an_edit(bring: Import) -> None:
    batch = bring("t.jsonl", AB).batch
    Example.objects.filter(content="a").update(response="edited")
    assert import_undo(batch=batch, actor="alice") == Undone(removed=1, put_back=0, kept=1)
    assert Example.objects.get().response == "edited"


@pytest.mark.django_db
def test_undoing_reaches_what_was_archived_since(bring: Import) -> None:
    batch = bring("t.jsonl", AB).batch
    rotation_run(max_examples=1)
    assert import_undo(batch=batch, actor="alice").removed == 2
    assert not ArchivedExample.objects.exists()
    deleted = ExampleHistory.objects.get(action="delete")
    assert (deleted.changed_by, deleted.changed_by_batch_id) == ("alice", batch)


@pytest.mark.django_db
def test_only_an_applied_import_can_be_undone(bring: Import) -> None:
    dry = bring("t.jsonl", AB, dry_run=True)
    with pytest.raises(KnowledgeError, match="only one applied"):
        import_undo(batch=dry.batch, actor="alice")
    with pytest.raises(KnowledgeError, match="no import 999"):
        import_undo(batch=999, actor="alice")


@pytest.mark.django_db
def test_an_import_over_the_limit_says_so(bring: Import) -> None:
    Dataset.objects.create(domain_name="t", max_examples=1)
    (warning,) = bring("t.jsonl", AB).warnings
    assert warning == "t holds 2 examples, over its limit of 1: the next rotation will archive 1."


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_the_same_rows_at_once_add_each_row_once(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text(lines(*((f"row {i}", "") for i in range(500))))
    reports = []

    def go() -> None:
        reports.append(import_run(paths=[path], options=ImportOptions(), actor="alice"))
        connection.close()

    threads = [threading.Thread(target=go) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(report.added for report in reports) == [0, 0, 500]
    assert Dataset.objects.get().example_count == Example.objects.count() == 500


@pytest.mark.django_db(transaction=True)
def test_an_import_waits_for_a_rotation_and_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text(lines(*((f"row {i}", "") for i in range(50))))
    import_run(paths=[path], options=ImportOptions(), actor="alice")
    path.write_text(lines(*((f"more {i}", "") for i in range(50))))
    reports = []

    def go() -> None:
        reports.append(import_run(paths=[path], options=ImportOptions(), actor="bob"))
        connection.close()

    with transaction.atomic():
        rotation_run(max_examples=10)
        other = threading.Thread(target=go)
        other.start()
        other.join(timeout=0.5)
        assert other.is_alive()
    other.join()
    dataset = Dataset.objects.get()
    assert reports[0].added == 50 and (dataset.example_count, dataset.archived_count) == (60, 40)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("stage", ["reading", "writing"])
def test_an_import_killed_in_the_middle_leaves_nothing(stage: str, tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text(lines(*((f"row {i}", "") for i in range(3_000))))
    code = (
        "import django, os, signal; django.setup()\n"
        "from pathlib import Path\n"
        "from knowledge.importing.options import ImportOptions; from knowledge.importing.run import import_run\n"
        f"die = lambda fraction, stage: os.kill(os.getpid(), signal.SIGKILL) if stage == {stage!r} else None\n"
        f"import_run(paths=[Path({str(path)!r})], options=ImportOptions(), actor='alice', progress=die)"
    )
    done = subprocess.run([sys.executable, "-c", code], env=database_environment(), check=False)
    assert done.returncode == -9 and not Example.objects.exists() and not Dataset.objects.exists()
    ImportBatch.objects.update(created_at=timezone.now() - timedelta(days=2))
    assert import_run(paths=[path], options=ImportOptions(), actor="alice").added == 3_000
    assert not [name for name in connection.introspection.table_names() if name.startswith("import_staging")]
    assert set(ImportBatch.objects.values_list("status", flat=True)) == {"failed", "applied"}


@pytest.mark.django_db
def test_the_command_imports_and_undoes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "t.jsonl").write_text(AB + "\n{}\n")
    call_command("import_datasets", tmp_path / "t.jsonl", domain="tea")
    out, err = capsys.readouterr()
    assert out.startswith("3 rows read: 2 added") and "t.jsonl:3: The row has no content." in err
    call_command("import_datasets", undo=ImportBatch.objects.get().pk)
    assert Example.objects.count() == 0
