"""Every format, in the shapes and encodings that are met outside."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from knowledge.importing.options import ImportOptions
from knowledge.importing.run import import_run
from knowledge.models import Dataset, Example
from tests.knowledge.importing.conftest import Import

pytestmark = pytest.mark.django_db
Pairs = Callable[[], list[tuple[str, str]]]

TWO = [("Why?", "Because."), ("Grüße 🌍", "日本")]
ROWS = [{"content": content, "response": response} for content, response in TWO]
AS_JSON = {
    "list": json.dumps(ROWS),
    "indented": json.dumps({"title": "T", "examples": ROWS, "after": 1}, indent=2, ensure_ascii=False),
    "data": json.dumps({"data": ROWS}),
    "lines": "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS),
    "lines with blanks and CRLF": "\r\n\r\n".join(json.dumps(row) for row in ROWS) + "\r\n",
    "trailing comma": "[" + ",\n".join(json.dumps(row) for row in ROWS) + ",\n]",
}


@pytest.mark.parametrize("layout", AS_JSON)
@pytest.mark.parametrize("suffix", ["json", "jsonl"])
def test_json_is_read_in_every_layout(layout: str, suffix: str, bring: Import, pairs: Pairs) -> None:
    report = bring(f"tea.{suffix}", AS_JSON[layout])
    assert (report.read, report.added, report.error_count) == (2, 2, 0)
    assert pairs() == TWO and Dataset.objects.get().domain_name == "tea"


CSV = 'content,response,source\r\n"Why?",Because.,book\r\n"Grüße 🌍",日本,\r\n'
TABLES = {
    "comma": ("t.csv", CSV),
    "semicolon": ("t.csv", CSV.replace(",", ";")),
    "tab": ("t.tsv", CSV.replace(",", "\t")),
    "old Mac line ends": ("t.csv", CSV.replace("\r\n", "\r")),
    "other names": ("t.csv", CSV.replace("content", "question").replace("response", "answer")),
}


@pytest.mark.parametrize("kind", TABLES)
def test_tables_are_read_with_any_delimiter(kind: str, bring: Import, pairs: Pairs) -> None:
    assert bring(*TABLES[kind]).error_count == 0
    assert pairs() == TWO
    assert list(Example.objects.order_by("id").values_list("metadata", flat=True)) == [{"source": "book"}, {}]


def test_a_quoted_cell_may_hold_lines_and_its_row_is_named_by_the_first(bring: Import, pairs: Pairs) -> None:
    report = bring("t.csv", 'question,answer\n"one\ntwo, ""three""",x\n,no content\nlast,y\n')
    assert pairs() == [('one\ntwo, "three"', "x"), ("last", "y")]
    assert [error["line"] for error in report.errors] == [4]


def test_a_table_without_header_or_with_unknown_names_is_not_guessed_at(bring: Import, pairs: Pairs) -> None:
    report = bring("t.csv", "body,reaction\nhello,hi\n")
    assert report.added == 0 and "No column holds the content: found 'body', 'reaction'" in report.errors[0]["message"]
    bring("t.csv", "body,reaction\nhello,hi\n", fields={"content": "body", "response": "reaction"})
    bring("t.csv", "salve,vale\n", header=False)
    assert pairs() == [("hello", "hi"), ("salve", "vale")]


def test_a_text_is_paragraphs_or_lines(bring: Import, pairs: Pairs) -> None:
    text = "\n first\nsecond\n\n\r\nthird\n"
    assert bring("a.txt", text).added == 2
    assert pairs() == [("first\nsecond", ""), ("third", "")]
    assert bring("b.txt", text, text_unit="line").added == 3


SHAPES = {
    "completion alone": ({"completion": "c", "response": "r"}, ("c", "r")),
    "prompt and completion": ({"prompt": "p", "completion": "c"}, ("p", "c")),
    "Alpaca": ({"instruction": "Add.", "input": "1 and 2", "output": "3"}, ("Add.\n\n1 and 2", "3")),
    "Alpaca without input": ({"instruction": "Sing.", "input": "", "output": "la"}, ("Sing.", "la")),
    "question": ({"question": "q", "answer": "a"}, ("q", "a")),
    "chat": (
        {"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]},
        ("hi", "hello"),
    ),
    "chat in parts": ({"messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}]}, ("hi", "")),
    "ShareGPT": ({"conversations": [{"from": "human", "value": "hi"}, {"from": "gpt", "value": "yo"}]}, ("hi", "yo")),
    "several turns": (
        {"messages": [{"role": r, "content": c} for r, c in zip(("user", "assistant") * 2, "abcd", strict=True)]},
        ("user: a\n\nassistant: b\n\nuser: c", "d"),
    ),
    "a number": ({"content": 42}, ("42", "")),
    "null response": ({"content": "c", "response": None}, ("c", "")),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_known_shapes_are_understood(shape: str, bring: Import, pairs: Pairs) -> None:
    record, expected = SHAPES[shape]
    report = bring("t.jsonl", json.dumps(record))
    assert report.errors == [] and pairs() == [expected]


def test_what_is_not_content_becomes_metadata(bring: Import) -> None:
    row = {"content": "c", "id": 7, "lang": "en", "metadata": {"source": "book"}, "domain": "elsewhere"}
    bring("t.jsonl", json.dumps(row))
    example = Example.objects.get()
    assert example.metadata == {"id": 7, "lang": "en", "source": "book", "domain": "elsewhere"}
    assert example.dataset.domain_name == "t"


def test_the_system_message_is_kept(bring: Import) -> None:
    messages = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "hi"}]
    bring("t.jsonl", json.dumps({"messages": messages, "topic": "x"}))
    assert Example.objects.get().metadata == {"system": "Be kind.", "topic": "x"}


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ["t.jsonl", "t.csv", "t.json"])
def test_unicode_encodings_are_detected(encoding: str, name: str, bring: Import, pairs: Pairs) -> None:
    text = {"t.jsonl": AS_JSON["lines"], "t.csv": CSV, "t.json": AS_JSON["indented"]}[name]
    assert bring(name, text.encode(encoding)).error_count == 0
    assert pairs() == TWO


def test_legacy_encodings_are_detected(bring: Import, pairs: Pairs) -> None:
    bring("t.csv", "content,response\nCafé “crème”,déjà vu\n".encode("cp1252"))
    russian = "Каждый охотник желает знать, где сидит фазан. Съешь ещё этих мягких французских булок."
    bring("r.txt", russian.encode("cp1251"))
    bring("j.txt", "今日はとても良い天気ですから、公園まで散歩に行きましょう。".encode("shift_jis"))
    assert pairs()[:2] == [("Café “crème”", "déjà vu"), (russian, "")]
    assert pairs()[2][0].startswith("今日は")


def test_a_named_encoding_is_taken(bring: Import, pairs: Pairs) -> None:
    bring("t.txt", "ñandú".encode("cp850"), encoding="cp850")
    assert pairs() == [("ñandú", "")]


@pytest.mark.parametrize("name", ["t.jsonl.gz", "t.jsonl"])
def test_gzip_is_known_by_its_bytes(name: str, bring: Import, pairs: Pairs) -> None:
    assert bring(name, gzip.compress(AS_JSON["lines"].encode())).added == 2
    assert Dataset.objects.get().domain_name == "t"


def test_of_a_folder_each_file_is_a_domain_and_the_archive_is_skipped(tmp_path: Path, bring: Import) -> None:
    for name in ("tea.jsonl", "coffee.csv", "deep/water.txt", "archive/old.txt", ".hidden.txt"):
        path = tmp_path / "corpus" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text({"csv": "content\nx\n", "txt": "x", "jsonl": '{"content": "x"}'}[name.rpartition(".")[2]])
    (tmp_path / "corpus" / "notes.pdf").write_text("x")
    (tmp_path / "outside.txt").write_text("secret")
    (tmp_path / "corpus" / "climber.txt").symlink_to(tmp_path / "outside.txt")
    report = import_run(paths=[tmp_path / "corpus"], options=ImportOptions(), actor="alice")
    assert sorted(Dataset.objects.values_list("domain_name", flat=True)) == ["coffee", "tea", "water"]
    assert [(e["file"], e["message"]) for e in report.errors] == [("climber.txt", "This link leads out of the folder.")]
    assert report.warnings == ["notes.pdf was left aside: its ending is none of a known format."]


def test_a_document_names_and_describes_its_domain(bring: Import) -> None:
    bring("file.json", json.dumps({"domain": "tea", "title": "Tea", "examples": ROWS}))
    dataset = Dataset.objects.get()
    assert (dataset.domain_name, dataset.metadata) == ("tea", {"title": "Tea"})
    bring("file.json", json.dumps({"domain": "tea", "examples": [{"content": "new"}]}), domain="mine")
    assert Dataset.objects.get(domain_name="mine").example_count == 1
