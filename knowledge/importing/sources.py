"""Which files to import, and which domain each is for."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.importing.issues import Issues

FORMATS = {
    ".json": "json",
    ".jsonl": "json",
    ".ndjson": "json",
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".txt": "txt",
    ".text": "txt",
    ".parquet": "parquet",
}
SKIPPED_FOLDER = "archive"


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read. ``name`` is what messages call it; ``stem`` names its domain when nothing else does."""

    path: Path
    name: str
    format: str
    stem: str


def source_of(path: Path, name: str | None = None) -> Source | None:
    """Return the source at ``path`` (known as ``name``), or None where the ending is not that of a known format."""
    plain = Path((name or path.name).replace("\\", "/")).name
    bare = plain[:-3] if plain.lower().endswith(".gz") else plain
    suffix = Path(bare).suffix.lower()
    if suffix not in FORMATS:
        return None
    return Source(path, name or path.name, FORMATS[suffix], Path(bare).stem)


def sources_find(paths: list[Path], issues: Issues) -> tuple[list[Source], list[str]]:
    """Return the sources at ``paths``, folders gone through, and the names of files in folders left aside."""
    found: list[Source] = []
    skipped: list[str] = []
    for path in paths:
        if path.is_dir():
            _look_into(path, found, skipped, issues)
        elif not path.exists():
            issues.add(str(path), 0, "There is no such file.")
        elif (source := source_of(path)) is None:
            issues.add(str(path), 0, f"{path.suffix or 'A file without ending'} is none of {', '.join(FORMATS)} (.gz).")
        else:
            found.append(source)
    return found, skipped


def _look_into(folder: Path, found: list[Source], skipped: list[str], issues: Issues) -> None:
    root = folder.resolve()
    for path in _files(folder):
        name = str(path.relative_to(folder))
        if not path.resolve().is_relative_to(root):
            issues.add(name, 0, "This link leads out of the folder.")
        elif (source := source_of(path)) is None:
            skipped.append(name)
        else:
            found.append(Source(path, name, source.format, source.stem))


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            if path.name != SKIPPED_FOLDER:
                yield from _files(path)
        elif path.is_file() or path.is_symlink():
            yield path
