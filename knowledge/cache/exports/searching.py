"""Search in the exported files: BM25 over what is read line by line, for when the database is away.

The words of a question are cut to stems, and a line that holds none of them is passed over before it is even parsed.
The files are read twice: once to count, once to fetch the best, so that no more than numbers are held meanwhile.
"""

import heapq
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import orjson

from knowledge.cache.exports.filtering import Passes
from knowledge.cache.exports.manifest import ExportedDomain, folder, read_manifest
from knowledge.cache.exports.marking import snippet
from knowledge.search.asked import Asked
from knowledge.search.syntax import parse
from knowledge.sources.relevance import words

K1, B = 1.5, 0.75
SECONDS = 1.0
"""A search gives up reading after this, and ranks what it has seen."""


@dataclass(frozen=True, slots=True)
class Found:
    """A page of examples, best first, as the search tells them; whether there are more, and whether all was read."""

    results: list[dict[str, Any]]
    more: bool
    complete: bool


@dataclass(frozen=True, slots=True)
class _Candidate:
    domain: ExportedDomain
    offset: int
    size: int
    frequencies: dict[str, int]


@dataclass(slots=True)
class _Reading:
    """What is looked for, and what BM25 needs of the whole: lines, their bytes, and in how many each word occurs."""

    wanted: list[str]
    passes: Passes
    holding: dict[str, int] = field(default_factory=dict)
    lines: int = 0
    size: int = 0
    complete: bool = True

    def candidates(self, domains: list[ExportedDomain]) -> Iterator[_Candidate]:
        """Yield the lines that hold a word and pass."""
        stop_at = time.monotonic() + SECONDS
        stems = [word.encode() for word in self.wanted]
        for domain in domains if stems else ():
            for offset, line in _lines(domain):
                if time.monotonic() > stop_at:
                    self.complete = False
                    return
                self.lines += 1
                self.size += len(line)
                folded = line.lower()
                if any(stem in folded for stem in stems) and (frequencies := self._met(line)):
                    yield _Candidate(domain, offset, len(line), frequencies)

    def score(self, candidate: _Candidate) -> float:
        """Return the BM25 score with Lucene's idf; lengths are counted in bytes."""
        norm = K1 * (1 - B + B * candidate.size * self.lines / self.size)
        return sum(self._idf(word) * n / (n + norm) for word, n in candidate.frequencies.items())

    def _met(self, line: bytes) -> dict[str, int]:
        row = orjson.loads(line)
        text = f"{row['content']}\n{row['response']}"
        there = words(text)
        frequencies = {word: n for word in self.wanted if (n := there.count(word))}
        for word in frequencies:
            self.holding[word] = self.holding.get(word, 0) + 1
        return frequencies if self.passes(row, text) else {}

    def _idf(self, word: str) -> float:
        return math.log1p((self.lines - self.holding[word] + 0.5) / (self.holding[word] + 0.5))


def search(asked: Asked) -> Found | None:
    """Return the examples that fit best; None where there is no such domain, or no files."""
    manifest = read_manifest()
    domain = asked.filters.domain
    if not manifest.domains or (domain is not None and domain not in manifest.domains):
        return None
    parsed = parse(asked.query)
    wanted = list(dict.fromkeys(words(parsed.words)))
    reading = _Reading(wanted, Passes(asked.filters, parsed, manifest.emotions))
    domains = list(manifest.domains.values()) if domain is None else [manifest.domains[domain]]
    candidates = list(reading.candidates(domains))
    best = heapq.nlargest(asked.depth, ((reading.score(each), i) for i, each in enumerate(candidates)))
    shown = best[asked.offset : asked.offset + asked.limit]
    results = [_result(candidates[i], score, wanted) for score, i in shown]
    return Found(results, len(best) > asked.offset + len(shown), reading.complete)


def _result(candidate: _Candidate, score: float, wanted: list[str]) -> dict[str, Any]:
    with (folder() / candidate.domain.file).open("rb") as stream:
        stream.seek(candidate.offset)
        row = orjson.loads(stream.read(candidate.size))
    known = {name: row[name] for name in ("id", "content", "response", "metadata")}
    marked = snippet(f"{row['content']}\n{row['response']}", wanted)
    return {
        **known,
        "domain": candidate.domain.name,
        "created_at": row["created_at"].replace("+00:00", "Z"),
        "archived": False,
        "score": round(score, 6),
        "snippet": marked,
    }


def _lines(domain: ExportedDomain) -> Iterator[tuple[int, bytes]]:
    offset = 0
    try:
        with (folder() / domain.file).open("rb") as stream:
            for line in stream:
                yield offset, line
                offset += len(line)
    except OSError:
        return  # replaced meanwhile: what has been read so far is the answer
