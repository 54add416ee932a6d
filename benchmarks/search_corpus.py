"""A store of synthetic examples for `bench_search`: words by Zipf's law, gathered into topics.

The words are made of syllables, so that none is a stop word; their frequencies follow Mandelbrot's form of Zipf's law,
1 / (rank + 15), by which the most common word stands in about a sixth of the examples, as in English text without its
stop words. Part of each example comes from the words of one of many topics, which is what makes words go together.
"""

import io
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from django.db import connection

from knowledge.models import Dataset

WORDS, TOPICS, TOPIC_WORDS = 60_000, 400, 300
CONTENT_WORDS, RESPONSE_WORDS = 9, 32
DOMAINS = 50
_OFFSET = 15.0
_BATCH = 20_000
_SYLLABLES = [c + v for c in "bdfgklmnprstvz" for v in "aeiou"]

Numbers = npt.NDArray[np.int64]


class Corpus:
    """Draws examples and queries; the same seed gives the same ones."""

    def __init__(self, seed: int = 1) -> None:
        self._rng = np.random.default_rng(seed)
        self.words = [_word(number) for number in range(WORDS)]
        self._general = _zipf(WORDS)
        self._of_topic = _zipf(TOPIC_WORDS)
        self._topics = self._rng.integers(200, WORDS, (TOPICS, TOPIC_WORDS))

    def examples(self, count: int) -> Iterator[list[tuple[str, str]]]:
        """Yield batches of (content, response)."""
        for start in range(0, count, _BATCH):
            size = min(_BATCH, count - start)
            drawn = self._draw(self._rng.integers(0, TOPICS, size), CONTENT_WORDS + RESPONSE_WORDS)
            yield [self._example(row) for row in drawn]

    def queries(self, count: int, most_words: int = 6) -> list[str]:
        """Return questions of 1 to ``most_words`` words, each about a topic."""
        drawn = self._draw(self._rng.integers(0, TOPICS, count), most_words)
        lengths = self._rng.integers(1, most_words + 1, count)
        return [self._text(row[:length]) for row, length in zip(drawn, lengths, strict=True)]

    def _draw(self, topics: Numbers, length: int) -> Numbers:
        general = self._pick(self._general, (len(topics), length))
        special = self._topics[topics[:, None], self._pick(self._of_topic, general.shape)]
        return np.where(self._rng.random(general.shape) < 0.4, special, general)

    def _pick(self, cumulative: npt.NDArray[np.float64], shape: tuple[int, ...]) -> Numbers:
        return np.searchsorted(cumulative, self._rng.random(shape))

    def _example(self, row: Numbers) -> tuple[str, str]:
        return self._text(row[:CONTENT_WORDS]), self._text(row[CONTENT_WORDS:])

    def _text(self, row: Numbers) -> str:
        return " ".join([self.words[number] for number in row])


def fill(count: int, seed: int = 1) -> None:
    """Fill the empty store with ``count`` examples over `DOMAINS` domains, the full-text index built last."""
    corpus = Corpus(seed)
    with connection.cursor() as cursor:
        datasets = Dataset.objects.bulk_create([Dataset(domain_name=f"domain {n:02}") for n in range(DOMAINS)])
        cursor.execute("DROP INDEX examples_search")
        for number, batch in enumerate(corpus.examples(count)):
            _copy(cursor, [datasets[(number * 7 + i) % DOMAINS].pk for i in range(len(batch))], batch)
        cursor.execute("CREATE INDEX examples_search ON examples USING gin (search_vector)")
        cursor.execute("VACUUM ANALYZE examples")


def _copy(cursor: object, datasets: list[int], batch: list[tuple[str, str]]) -> None:
    lines = (
        f"{dataset}\t{content}\t{response}\n" for dataset, (content, response) in zip(datasets, batch, strict=True)
    )
    cursor.copy_expert("COPY examples (dataset_id, content, response) FROM STDIN", io.StringIO("".join(lines)))  # type: ignore[attr-defined]


def _zipf(size: int) -> npt.NDArray[np.float64]:
    weights = 1.0 / (np.arange(1, size + 1) + _OFFSET)
    return np.cumsum(weights) / weights.sum()


def _word(number: int) -> str:
    base = len(_SYLLABLES)
    digits = [number % base, number // base % base, number // base**2 % base]
    return "".join(_SYLLABLES[digit] for digit in digits) + "k"
