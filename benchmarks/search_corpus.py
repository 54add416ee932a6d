"""A store of synthetic examples for `bench_search`: words by Zipf's law, gathered into topics.

The words are made of syllables, so that none is a stop word; their frequencies follow Mandelbrot's form of Zipf's law,
1 / (rank + 15), by which the most common word stands in about a sixth of the examples, as in English text without its
stop words. Part of each example comes from the words of one of many topics, which is what makes words go together.
"""

import io
from collections import Counter
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from django.db import connection

from knowledge.embedders.contract import fitted, literal
from knowledge.embedders.lsa.bags import Bag
from knowledge.embedders.lsa.embedder import NAME
from knowledge.embedders.lsa.fitting import fit
from knowledge.embedders.lsa.model import Model
from knowledge.models import Dataset, EmbedderModel

WORDS, TOPICS, TOPIC_WORDS = 60_000, 400, 300
CONTENT_WORDS, RESPONSE_WORDS = 9, 32
DOMAINS = 50
_OFFSET = 15.0
_BATCH = 20_000
_COPY = "COPY examples (dataset_id, content, response, embedding, embedder) FROM STDIN"
_BY_MEANING = """
CREATE INDEX examples_by_meaning ON examples USING hnsw (embedding halfvec_cosine_ops)
WITH (m = 24, ef_construction = 128)
"""
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


def fill(count: int, vectors: int, seed: int = 1) -> None:
    """Fill the empty store with ``count`` examples over `DOMAINS` domains, ``vectors`` of them embedded.

    The indexes for words and meaning are built last. The embedder is fitted on the first batch.
    """
    corpus = Corpus(seed)
    with connection.cursor() as cursor:
        datasets = Dataset.objects.bulk_create([Dataset(domain_name=f"domain {n:02}") for n in range(DOMAINS)])
        cursor.execute("DROP INDEX IF EXISTS examples_search; DROP INDEX IF EXISTS examples_by_meaning")
        embedder = None
        for number, batch in enumerate(corpus.examples(count)):
            embedder = embedder or _fit(batch, count)
            rows = _rows([each.pk for each in datasets], batch, embedder, vectors - number * _BATCH)
            cursor.copy_expert(_COPY, io.StringIO("".join(rows)))
        cursor.execute("CREATE INDEX examples_search ON examples USING gin (search_vector)")
        cursor.execute(_BY_MEANING)
        cursor.execute("VACUUM ANALYZE examples")


class _Embedder:
    """The fitted model with its identity."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.identity = f"{NAME}:{model.version}"

    def literals(self, batch: list[tuple[str, str]]) -> list[str]:
        vectors = fitted(self.model.documents([_bag(*each) for each in batch]))
        return [literal(vector) or "\\N" for vector in vectors]


def _fit(batch: list[tuple[str, str]], examples: int) -> _Embedder:
    model = fit([_bag(*each) for each in batch])
    assert model is not None
    EmbedderModel.objects.create(embedder=NAME, version=model.version, body=model.to_bytes(), examples=examples)
    return _Embedder(model)


def _bag(content: str, response: str) -> Bag:
    """Return the bag of an example; the stemmer leaves these words as they are."""
    held = Counter(f"{content} {response}".split())
    return Bag(list(held), np.array(list(held.values()), np.float32))


def _rows(datasets: list[int], batch: list[tuple[str, str]], embedder: _Embedder, vectors: int) -> Iterator[str]:
    literals = embedder.literals(batch[: max(vectors, 0)])
    for number, (content, response) in enumerate(batch):
        vector = literals[number] if number < len(literals) else "\\N"
        by = embedder.identity if vector != "\\N" else "\\N"
        yield f"{datasets[number % len(datasets)]}\t{content}\t{response}\t{vector}\t{by}\n"


def _zipf(size: int) -> npt.NDArray[np.float64]:
    weights = 1.0 / (np.arange(1, size + 1) + _OFFSET)
    return np.cumsum(weights) / weights.sum()


def _word(number: int) -> str:
    base = len(_SYLLABLES)
    digits = [number % base, number // base % base, number // base**2 % base]
    return "".join(_SYLLABLES[digit] for digit in digits) + "k"
