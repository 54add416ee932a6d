"""Bad rows and bad files are named by line; the rest goes in and nothing is half-written."""

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection

from knowledge.errors import KnowledgeError
from knowledge.importing import run
from knowledge.importing.options import ImportOptions
from knowledge.importing.run import import_run
from knowledge.models import Dataset, Example, ImportBatch
from tests.knowledge.importing.conftest import Import

pytestmark = pytest.mark.django_db
GOOD = b'{"content": "good", "response": "yes"}\n'

BAD_LINES = {
    b'{"response": "x"}': "no content",
    b'{"content": "   "}': "no content",
    b'{"content": ["a"]}': "must be text; it is list",
    b'{"content": true}': "must be text; it is bool",
    b'{"content": "a\\u0000b"}': "NUL",
    b'{"content": "a", "x": {"y": "\\u0000"}}': "NUL",
    b'{"content": "\\ud800 alone"}': "lone surrogate",
    b'{"content": "a", "\\udc00": 1}': "lone surrogate",
    b'{"content": "caf\xe9"}': "none of the file's encoding at character 4",
    b'{"content": "a"': "no JSON",
    b"[1, 2]": "An example is an object",
    b'{"content": "a", "n": ' + b"[" * 100_000 + b"]" * 100_000 + b"}": "cannot be read",
    b'{"content": "a", "n": ' + b"9" * 5_000 + b"}": "cannot be read",
    b'{"content": "' + b"x" * 1_000_001 + b'"}': "1,000,001 characters",
    b'{"content": "' + b"x" * 10_000_000 + b'"}': "longer than 4,000,000 characters",
    b'{"messages": ["hello"]}': "A message is an object",
}


@pytest.mark.parametrize("line", BAD_LINES, ids=lambda line: line[:30].decode(errors="replace"))
def test_a_bad_line_costs_that_line_alone(line: bytes, bring: Import) -> None:
    report = bring("t.jsonl", b'{"content": "first"}\n' + line + b"\n" + GOOD)
    assert (report.read, report.added, report.error_count) == (3, 2, 1)
    (error,) = report.errors
    assert (error["file"], error["line"]) == ("t.jsonl", 2) and BAD_LINES[line] in str(error["message"])


def test_what_looks_dangerous_but_is_not_goes_in(bring: Import) -> None:
    contents = ["a\\u0000b", "tab\there", "\\N", "\\.", "new\nline", "a\u2028b", "'; DROP TABLE examples; --", "é\\"]
    report = bring("t.jsonl", "\n".join(json.dumps({"content": c, "m": c}) for c in contents))
    assert report.errors == []
    rows = Example.objects.order_by("id").values_list("content", "metadata")
    assert list(rows) == [(content, {"m": content}) for content in contents]


def test_numbers_that_json_lacks_become_null_and_large_ones_stay(bring: Import) -> None:
    bring("t.jsonl", '{"content": "a", "nan": NaN, "big": 123456789012345678901234567890}')
    assert Example.objects.get().metadata == {"nan": None, "big": 123456789012345678901234567890}


def test_a_broken_element_of_an_array_costs_no_other(bring: Import) -> None:
    document = json.dumps([{"content": f"c{i}", "deep": [{"content": "inner"}]} for i in range(4)], indent=1)
    report = bring("t.json", document.replace('"c1"', "oops"))
    assert report.added == 3 and not Example.objects.filter(content="inner").exists()
    assert [error["line"] for error in report.errors] == [document[: document.index('"c1"')].count("\n") + 1]


def test_a_broken_end_keeps_what_stood_before(bring: Import) -> None:
    report = bring("t.json", '[{"content": "a"}, {"content": "b"}, {"content": ')
    assert report.added == 2 and report.errors[-1]["line"] == 1


def test_a_bad_byte_in_a_table_costs_its_row(bring: Import) -> None:
    report = bring("t.csv", b"content,response\nfine,1\nbad \xff\xfe,2\nalso fine,\xc3\xa9\n")
    assert report.added == 2 and report.errors[0]["line"] == 3


def test_an_endless_quotation_is_told_by_its_first_line(bring: Import) -> None:
    cells = "".join(f"row {i},{'x' * 200}\n" for i in range(30_000))
    report = bring("t.csv", f'content,response\ngood,1\n"endless,2\n{cells}')
    assert report.errors[0]["line"] == 3 and "field larger than" in str(report.errors[0]["message"])


REFUSED = {
    "a bomb": ("t.jsonl.gz", gzip.compress(b'{"content": "x"}\n' + b" " * 80_000_000), "looks like a bomb"),
    "torn gzip": ("t.jsonl.gz", gzip.compress(GOOD * 1000)[:-10], "damaged"),
    "a flipped bit": ("t.jsonl.gz", gzip.compress(GOOD)[:-6] + b"\0\0\0\0\0\0", "damaged"),
    "ZIP": ("t.json", b"PK\x03\x04rest", "ZIP archive"),
    "long name": ("x" * 200 + ".txt", b"hello", "1 to 100 characters; this one has 200"),
    "foreign ending": ("t.pdf", b"x", "is none of .json"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_cannot_be_trusted_is_refused_whole(what: str, bring: Import) -> None:
    name, data, message = REFUSED[what]
    report = bring(name, data)
    assert (report.added, report.error_count) == (0, 1) and message in str(report.errors[0]["message"])
    assert not Example.objects.exists() and not _staging_tables()


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(GOOD)
    whole = tmp_path / "whole.jsonl"
    whole.write_bytes(GOOD)
    reading = run.records

    def meddling(*args: object) -> Iterator[object]:
        yield from reading(*args)  # type: ignore[arg-type]
        path.write_bytes(GOOD * 2)

    monkeypatch.setattr(run, "records", meddling)
    report = import_run(paths=[path, whole], options=ImportOptions(), actor="alice")
    assert report.errors == [{"file": "t.jsonl", "line": 0, "message": "It changed while it was being read."}]
    assert list(Dataset.objects.filter(example_count__gt=0).values_list("domain_name", flat=True)) == ["whole"]


def test_strict_imports_all_or_nothing(bring: Import) -> None:
    report = bring("t.jsonl", GOOD + b"{}\n", strict=True)
    assert (report.added, report.refused) == (0, True)
    assert not Dataset.objects.exists() and ImportBatch.objects.get().status == "refused"
    assert bring("t.jsonl", GOOD, strict=True).added == 1


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("domain", "x" * 200, "1 to 100 characters"),
        ("domain", "../etc", "none of"),
        ("domain", "a\nb", "control characters"),
        ("on_duplicate", "skipp", "Did you mean 'skip'"),
        ("encoding", "utf-9", "no known text encoding"),
        ("fields", {"contents": "x"}, "Did you mean 'content'"),
    ],
)
def test_an_option_that_cannot_be_meant_is_refused(option: str, value: object, message: str) -> None:
    with pytest.raises(KnowledgeError, match=message):
        ImportOptions(**{option: value})  # type: ignore[arg-type]


def test_a_cancelled_import_leaves_nothing(tmp_path: Path, bring: Callable[..., object]) -> None:
    (tmp_path / "t.jsonl").write_bytes(GOOD)

    def cancel(fraction: float, stage: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_run(paths=[tmp_path / "t.jsonl"], options=ImportOptions(), actor="alice", progress=cancel)
    assert not Dataset.objects.exists() and not _staging_tables()
    assert ImportBatch.objects.get().status == "failed"


def _staging_tables() -> list[str]:
    return [name for name in connection.introspection.table_names() if name.startswith("import_staging")]
