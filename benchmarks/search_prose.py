"""A store of real prose for `bench_search`: the Collaborative International Dictionary of English (GCIDE).

Webster's of 1913 with later additions: 112,000 headwords, entries of 40 words in the mean, half of them under 21 and a
tenth over 80, many quoting books. It comes as Debian's package ``dict-gcide`` (GNU GPL, version 2 or later) through
apt, into a folder of the benchmark's; nothing of it is in this repository.
"""

import gzip
import random
import re
import subprocess
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from psycopg2.extras import execute_values

from knowledge.embedders.embedding import embed_pending
from knowledge.models import Dataset

PACKAGE = "dict-gcide"
EXAMPLES = 100_000
DOMAINS = 50
_DIGITS = {c: n for n, c in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")}
_SOURCE = re.compile(r"\[[^\]]*(?:Webster|PJC|WordNet)[^\]]*\]")
_WORD = re.compile(r"[A-Za-z]{2,}")
_STOP = re.compile(
    r"an?|and|are|as|at|be|been|but|by|for|from|ha[ds]|have|her?|him|his|in|into|is|its?|not|o[fnr]|other|she|some|such|"
    r"than|that|the|their|them|there|they|this|to|used|was|were|when|which|who|with",
    re.IGNORECASE,
)
_MOST_WORDS = 6

Entry = tuple[str, str]


def entries(cache: Path, seed: int = 1) -> list[Entry] | None:
    """Return (headword, entry), one of each headword, shuffled; None where the package cannot be had."""
    if not any(cache.glob("usr/share/dictd/gcide.index")) and not _fetch(cache):
        return None
    found = dict(_read(cache / "usr/share/dictd"))
    shuffled = sorted(found.items())
    random.Random(seed).shuffle(shuffled)
    return shuffled


def questions(left_out: list[Entry], count: int, seed: int = 2) -> list[str]:
    """Return pieces of one to six words, but stop words, of entries that are not in the store."""
    rng = random.Random(seed)
    made: list[str] = []
    while len(made) < count:
        words = [word for word in _WORD.findall(" ".join(rng.choice(left_out))) if not _STOP.fullmatch(word)]
        if words:
            start = rng.randrange(len(words))
            made.append(" ".join(words[start : start + rng.randint(1, _MOST_WORDS)]))
    return made


def fill(kept: list[Entry]) -> None:
    """Fill the empty store with these entries and embed them, as the product does."""
    datasets = Dataset.objects.bulk_create([Dataset(domain_name=f"domain {n:02}") for n in range(DOMAINS)])
    rows = [(datasets[n % DOMAINS].pk, headword, entry) for n, (headword, entry) in enumerate(kept)]
    with connection.cursor() as cursor:
        execute_values(cursor, "INSERT INTO examples (dataset_id, content, response) VALUES %s", rows, page_size=5_000)
    embed_pending(rebuild=True)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE examples")


def _fetch(cache: Path) -> bool:
    cache.mkdir(parents=True, exist_ok=True)
    try:
        subprocess.run(["apt-get", "-q", "download", PACKAGE], cwd=cache, check=True, capture_output=True)
        (package,) = cache.glob(f"{PACKAGE}_*.deb")
        subprocess.run(["dpkg-deb", "-x", package, cache], check=True)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return False
    return True


def _read(folder: Path) -> Iterator[Entry]:
    """Yield entries as dictd keeps them: headword, place and length in the text, both in base 64."""
    text = gzip.decompress((folder / "gcide.dict.dz").read_bytes())
    for line in (folder / "gcide.index").read_text(errors="replace").splitlines():
        headword, place, length, *_ = line.split("\t")
        start = _number(place)
        entry = _SOURCE.sub(" ", text[start : start + _number(length)].decode(errors="replace"))
        name = " ".join(unicodedata.normalize("NFC", headword).split())
        if name and not name.startswith("00-"):
            yield name, " ".join(entry.split())


def _number(digits: str) -> int:
    value = 0
    for digit in digits:
        value = value * 64 + _DIGITS[digit]
    return value
