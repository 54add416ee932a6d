"""What is exported imports back the same: identifiers, dates, texts of any kind, the archive."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from rest_framework.test import APIClient

from knowledge.exporting import rows
from knowledge.importing.options import ImportOptions
from knowledge.importing.run import import_run
from knowledge.interchange import guard, unguard
from knowledge.models import ArchivedExample, Dataset, Example
from knowledge.rotation import rotation_run
from tests.knowledge.conftest import START, domain

HARD_TEXTS = [
    "=cmd|' /C calc'!A0", "'=1+1", "''@x", "+49 30", "-1", "@home", "\tindented", "'quoted'", 'say "hi", he said',
    "line\nbreak\r\nand\rmore", "  spaces  ", "\\N", "\\.", "NULL", "é日本🌍", "\u2028", "a\\u0000b", "x" * 5_000,
]  # fmt: skip


def state() -> list[Any]:
    columns = ("id", "dataset__domain_name", "content", "response", "metadata", "created_at", "updated_at")
    return [
        list(Example.objects.order_by("id").values_list(*columns)),
        list(ArchivedExample.objects.order_by("id").values_list(*columns, "archived_at")),
    ]


@pytest.fixture
def store(db: None) -> list[Any]:
    tea = domain("tea", 5, metadata={"title": "Tea"}, max_examples=900)
    Example.objects.bulk_create(
        Example(dataset=tea, content=f"{i}{text}" if not text.strip() else text, response=text, metadata={"t": [text]})
        for i, text in enumerate(HARD_TEXTS)
    )
    domain("coffee & cake", 3)
    Example.objects.filter(content="tea 0004").update(response="edited")
    rotation_run(domain="coffee & cake", max_examples=1)
    return state()


def emptied() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE datasets, examples, examples_archive CASCADE")


@pytest.mark.parametrize("name", ["all.jsonl", "all.csv", "all.parquet", "all.jsonl.gz", "folder"])
def test_an_export_imports_back_the_same(name: str, store: list[Any], tmp_path: Path) -> None:
    call_command("export_datasets", output=tmp_path / name, archived=True)
    emptied()
    report = import_run(paths=[tmp_path / name], options=ImportOptions(), actor="bob")
    assert report.errors == [] and report.added == 8 + len(HARD_TEXTS)
    assert state() == store
    assert Example.objects.create(dataset=Dataset.objects.get(domain_name="tea"), content="next").pk > max(
        row[0] for rows in store for row in rows
    )


def test_a_document_brings_its_domain_back_too(store: list[Any], tmp_path: Path) -> None:
    columns = ("domain_name", "version", "example_count", "archived_count", "metadata", "max_examples", "created_at")
    before = list(Dataset.objects.values_list(*columns))
    call_command("export_datasets", output=tmp_path / "folder", archived=True)
    emptied()
    import_run(paths=[tmp_path / "folder"], options=ImportOptions(), actor="bob")
    assert list(Dataset.objects.values_list(*columns)) == before


def test_importing_an_export_over_itself_changes_nothing(store: list[Any], tmp_path: Path) -> None:
    call_command("export_datasets", output=tmp_path / "all.jsonl", archived=True)
    report = import_run(paths=[tmp_path / "all.jsonl"], options=ImportOptions(), actor="bob")
    assert (report.added, state()) == (0, store)


@pytest.mark.django_db
def test_an_identifier_that_is_taken_is_given_anew(tmp_path: Path) -> None:
    tea = domain("tea", 1)
    row = {"id": tea.examples.get().pk, "domain": "coffee", "content": "latte", "response": "", "metadata": {}}
    dates = {"created_at": START.isoformat(), "updated_at": START.isoformat()}
    (tmp_path / "t.jsonl").write_text(json.dumps(row | dates))
    assert import_run(paths=[tmp_path / "t.jsonl"], options=ImportOptions(), actor="bob").added == 1
    assert Example.objects.get(content="latte").pk != row["id"]


def test_no_cell_of_a_table_is_a_formula(store: list[Any], tmp_path: Path) -> None:
    call_command("export_datasets", output=tmp_path / "all.csv")
    with (tmp_path / "all.csv").open(newline="", encoding="utf-8") as stream:
        cells = [cell for row in csv.reader(stream) for cell in row]
    assert len(cells) > 100 and not [cell for cell in cells if cell[:1] in tuple("=+-@\t\r")]


@settings(deadline=None)
@given(st.text())
def test_guarding_a_cell_can_be_taken_back(cell: str) -> None:
    assert unguard(guard(cell)) == cell and guard(cell)[:1] not in tuple("=+-@\t\r")


@pytest.mark.django_db
def test_pages_join_without_gap_or_overlap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "CHUNK_ROWS", 7)
    tea = domain("tea", 21)
    Example.objects.update(created_at=START)  # all at once, as after an import
    assert [row["id"] for row in rows.rows_of(tea)] == sorted(Example.objects.values_list("id", flat=True))


@pytest.mark.django_db
def test_one_document_cannot_hold_two_domains(tmp_path: Path) -> None:
    domain("tea", 1), domain("coffee", 1)
    with pytest.raises(CommandError, match="one domain"):
        call_command("export_datasets", output=tmp_path / "all.json")
    assert not (tmp_path / "all.json").exists()


def test_a_job_makes_the_file(api: APIClient, work_off: Callable[[Any], dict[str, Any]]) -> None:
    domain("tea", 3)
    answer = work_off(api.post("/api/datasets/export-async", {"domain": "tea"}, format="json"))
    (file,) = answer["result"]["files"]
    assert (file["name"], file["media_type"], answer["result"]["examples"]) == ("tea.json", "application/json", 3)
    document = json.loads(b"".join(api.get(file["url"]).streaming_content))  # type: ignore[attr-defined]
    assert [row["content"] for row in document["examples"]] == ["tea 0000", "tea 0001", "tea 0002"]
    wrong = api.post("/api/datasets/export-async", {"format": "xls"}, format="json")
    assert wrong.status_code == 400 and wrong.json()["errors"][0]["field"] == "format"
